//! Reading: any text becomes a script that prints back. What the grammar has no place for becomes an odd part or a raw
//! item; nothing is an error here. Every character is looked at a bounded number of times.

use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take, take_till, take_while1};
use nom::character::complete::{char, digit1};
use nom::combinator::{all_consuming, map_opt, opt, recognize, rest};
use nom::multi::many1_count;
use nom::sequence::{delimited, preceded, separated_pair};
use nom::{IResult, Parser};

use super::action::{Ask, Context, Digits, Form, Item, Lamp, Node, Odd, Part, Reference, Script};
use super::dialect::{Dialect, Press, Select};
use super::words::{command as command_of, method as method_of};
use crate::Span;

type Read<'a, T> = IResult<&'a str, T, ()>;

/// Reads a text. It never fails: `read(text, …).to_string() == text` whatever the text.
#[must_use]
pub fn read(text: &str, context: Context, dialect: &Dialect) -> Script {
    let form = form(text, context);
    let mut nodes = Vec::new();
    let mut left = match form {
        Form::Plain => {
            if !text.is_empty() {
                nodes.push(Node { span: Span::at(0..text.len()), part: Part::Literal(text.to_owned()) });
            }
            ""
        }
        Form::Marked => text.strip_prefix('^').unwrap_or(text),
        Form::Action | Form::References => text,
    };
    while !left.is_empty() {
        // One of the alternatives takes any character; the fallback keeps the loop total by itself.
        let (behind, part) =
            part(left, form, dialect).unwrap_or_else(|_| ("", Part::Odd(Odd::Unprintable, left.to_owned())));
        nodes.push(Node { span: Span::at(text.len() - left.len()..text.len() - behind.len()), part });
        left = behind;
    }
    Script { context, form, nodes }
}

fn form(text: &str, context: Context) -> Form {
    match (text.chars().next(), context) {
        (Some('!'), Context::Contact | Context::Key) => Form::References,
        (Some('^'), _) => Form::Marked,
        (_, Context::Contact) => Form::Plain,
        (_, Context::Key | Context::Macro) => Form::Action,
    }
}

fn part<'a>(input: &'a str, form: Form, dialect: &Dialect) -> Read<'a, Part> {
    if form == Form::References
        && let Ok(found) = reference(input, dialect)
    {
        return Ok(found);
    }
    alt((
        body.map(|body| Part::Item(item(body, dialect))),
        url.map(|url: &str| Part::Url(url.to_owned())),
        |input| literal(input, dialect),
        |input| odd(input, dialect),
    ))
    .parse(input)
}

/// `!` and a name.
fn reference<'a>(input: &'a str, dialect: &Dialect) -> Read<'a, Part> {
    let name = take_while1(|character| !dialect.is_special(character));
    let named = |name: &str| match Digits::new(name) {
        Some(digits) => Reference::Favourite(digits),
        None => Reference::Macro(name.to_owned()),
    };
    preceded(char('!'), name).map(named).map(Part::Reference).parse(input)
}

/// What stands between two `$`. Where the search for the second one fails there is none left, so it fails once.
fn body(input: &str) -> Read<'_, &str> {
    delimited(char('$'), take_while1(|character| character != '$'), char('$')).parse(input)
}

fn url(input: &str) -> Read<'_, &str> {
    let ends = |character: char| character == '$' || character.is_whitespace() || character.is_control();
    recognize((scheme, take_till(ends))).parse(input)
}

fn scheme(input: &str) -> Read<'_, &str> {
    recognize((tag_no_case("http"), opt(tag_no_case("s")), tag("://"))).parse(input)
}

/// Plain characters up to what is none, or to where a URL begins. One that begins at once was tried before.
fn literal<'a>(input: &'a str, dialect: &Dialect) -> Read<'a, Part> {
    let url = |at| input.get(at..).is_some_and(|behind| scheme(behind).is_ok());
    let ends = |(at, character): &(usize, char)| {
        !is_plain(*character, dialect) || (*at > 0 && matches!(character, 'h' | 'H') && url(*at))
    };
    let end = input.char_indices().find(ends).map_or(input.len(), |(at, _)| at);
    match input.split_at_checked(end) {
        Some((text, behind)) if end > 0 => Ok((behind, Part::Literal(text.to_owned()))),
        _ => Err(nom::Err::Error(())),
    }
}

fn odd<'a>(input: &'a str, dialect: &Dialect) -> Read<'a, Part> {
    let kind = |kind: Odd| move |text: &str| Part::Odd(kind, text.to_owned());
    alt((
        dollars.map(kind(Odd::Dollar)),
        take_while1(|character| matches!(character, '!' | '^')).map(kind(Odd::Mark)),
        take_while1(|character| dialect.reserved.contains(&character)).map(kind(Odd::Reserved)),
        take_while1(|character| !is_plain(character, dialect) && !dialect.is_special(character))
            .map(kind(Odd::Unprintable)),
    ))
    .parse(input)
}

/// A run of `$` without what stands between two; its last one is left where it opens an item.
fn dollars(input: &str) -> Read<'_, &str> {
    let (behind, run) = take_while1(|character| character == '$').parse(input)?;
    let stray = if run.len() > 1 && behind.contains('$') { run.len() - 1 } else { run.len() };
    take(stray).parse(input)
}

fn is_plain(character: char, dialect: &Dialect) -> bool {
    matches!(character, ' '..='~') && !dialect.is_special(character)
}

fn item(body: &str, dialect: &Dialect) -> Item {
    let known = match body.as_bytes().first() {
        Some(b'C') => command(body),
        Some(b'F') if dialect.press == Press::Function => named('F', Item::Function, body),
        Some(b'I') if dialect.inline => named('I', Item::Menu, body),
        Some(b'K') if dialect.press == Press::HardKey => named('K', Item::HardKey, body),
        Some(b'L') if dialect.inline => alt((lamp, label)).parse(body),
        Some(b'L') => label(body),
        Some(b'M') => named('M', Item::Macro, body),
        Some(b'P') if dialect.inline => alt((prompt, ask)).parse(body),
        Some(b'P') => prompt(body),
        Some(b'S') => match dialect.select {
            Select::SoftKey => named('S', Item::SoftKey, body),
            Select::SpeedDial => all_consuming(preceded(char('S'), digits.map(Item::SpeedDial))).parse(body),
        },
        Some(b'T') => method(body),
        _ => Err(nom::Err::Error(())),
    };
    known.map_or_else(|_| Item::Raw(body.to_owned()), |(_, item)| item)
}

fn command(body: &str) -> Read<'_, Item> {
    preceded(char('C'), map_opt(rest, command_of)).map(Item::Command).parse(body)
}

fn method(body: &str) -> Read<'_, Item> {
    preceded(char('T'), map_opt(rest, method_of)).map(Item::Method).parse(body)
}

fn named(sigil: char, item: fn(String) -> Item, body: &str) -> Read<'_, Item> {
    preceded(char(sigil), take_while1(|_| true)).map(|name: &str| item(name.to_owned())).parse(body)
}

fn label(body: &str) -> Read<'_, Item> {
    preceded(char('L'), rest).map(|label: &str| Item::Label(label.to_owned())).parse(body)
}

fn lamp(body: &str) -> Read<'_, Item> {
    let steps = many1_count((take_while1(|character: char| character.is_ascii_lowercase()), digit1));
    let lamp =
        |(program, label): (&str, &str)| Item::Lamp(Lamp { program: program.to_owned(), label: label.to_owned() });
    preceded(tag("LED"), separated_pair(recognize(steps), tag("&L"), rest)).map(lamp).parse(body)
}

fn prompt(body: &str) -> Read<'_, Item> {
    let pair = separated_pair(digits, char('N'), digits);
    let prompt = pair.map(|(number, length)| Item::Prompt { number, length });
    all_consuming(preceded(char('P'), prompt)).parse(body)
}

fn ask(body: &str) -> Read<'_, Item> {
    let (_, text) = preceded(char('P'), rest).parse(body)?;
    let (label, behind) = text.split_once("&C").ok_or(nom::Err::Error(()))?;
    let (flags, length) = digits(behind)?;
    if !(flags.is_empty() || flags.starts_with('&')) {
        return Err(nom::Err::Error(()));
    }
    Ok(("", Item::Ask(Box::new(Ask { label: label.to_owned(), length, flags: flags.to_owned() }))))
}

fn digits(input: &str) -> Read<'_, Digits> {
    map_opt(digit1, Digits::new).parse(input)
}

#[cfg(test)]
mod tests {
    use super::super::action::{Command, Method, Spelling};
    use super::*;

    fn parts(text: &str, context: Context, dialect: &Dialect) -> Vec<Part> {
        let script = read(text, context, dialect);
        assert_eq!(script.to_string(), text);
        script.nodes.into_iter().map(|node| node.part).collect()
    }

    fn action(text: &str) -> Vec<Part> {
        parts(text, Context::Macro, &Dialect::SPEED_DIALS)
    }

    fn text(text: &str) -> Part {
        Part::Literal(text.to_owned())
    }

    fn number(number: u32) -> Digits {
        number.into()
    }

    #[test]
    fn the_vendors_worked_example_reads() {
        let prompt = |index, length| Item::Prompt { number: number(index), length: number(length) };
        let items = [
            Item::Command(Command::HangUp(Spelling::Long)),
            prompt(1, 4),
            Item::Method(Method::Invite),
            Item::Command(Command::WaitConnect(Spelling::Long)),
            prompt(2, 3),
            Item::Command(Command::Pause(Spelling::Long, number(2))),
            Item::Method(Method::Dtmf),
            Item::Command(Command::HangUp(Spelling::Long)),
        ];
        let mut expected: Vec<Part> = items.into_iter().map(Part::Item).collect();
        expected.insert(1, text("*444*"));
        let example = "$Changup$*444*$P1N4$$Tinvite$$Cwaitconnect$$P2N3$$Cpause2$$Tdtmf$$Changup$";
        assert_eq!(action(example), expected);
    }

    #[test]
    fn spellings_are_kept_apart() {
        for (long, short) in
            [("$Changup$", "$Chu$"), ("$Chold$", "$Ch$"), ("$Cwaitconnect$", "$Cwc$"), ("$Cpause03$", "$Cp3$")]
        {
            assert_ne!(action(long), action(short));
            assert!(matches!(action(long).as_slice(), [Part::Item(Item::Command(_))]), "{long}");
            assert!(matches!(action(short).as_slice(), [Part::Item(Item::Command(_))]), "{short}");
        }
        assert_eq!(action("$CHU$"), [Part::Item(Item::Raw("CHU".to_owned()))]);
    }

    #[test]
    fn contexts_begin_in_their_own_way() {
        let form = |text, context| read(text, context, &Dialect::SPEED_DIALS).form;
        for (text, contact, key, line) in [
            ("!m1!2", Form::References, Form::References, Form::Action),
            ("^5", Form::Marked, Form::Marked, Form::Marked),
            ("5$Trefer$", Form::Plain, Form::Action, Form::Action),
            ("", Form::Plain, Form::Action, Form::Action),
        ] {
            assert_eq!(form(text, Context::Contact), contact, "{text}");
            assert_eq!(form(text, Context::Key), key, "{text}");
            assert_eq!(form(text, Context::Macro), line, "{text}");
        }
    }

    #[test]
    fn references_are_macros_or_favourites() {
        let found = parts("!m1!2!m2", Context::Contact, &Dialect::SPEED_DIALS);
        let named = |name: &str| Part::Reference(Reference::Macro(name.to_owned()));
        assert_eq!(found, [named("m1"), Part::Reference(Reference::Favourite(number(2))), named("m2")]);
        let mixed = parts("!m1^5$Trefer$!", Context::Key, &Dialect::SPEED_DIALS);
        let mark = |text: &str| Part::Odd(Odd::Mark, text.to_owned());
        assert_eq!(mixed, [named("m1"), mark("^"), text("5"), Part::Item(Item::Method(Method::Refer)), mark("!")]);
    }

    #[test]
    fn stray_dollars_do_not_shift_the_items_behind_them() {
        let refer = Part::Item(Item::Method(Method::Refer));
        let stray = |text: &str| Part::Odd(Odd::Dollar, text.to_owned());
        assert_eq!(action("5$$Trefer$"), [text("5"), stray("$"), refer.clone()]);
        assert_eq!(action("$$$Trefer$$$"), [stray("$$"), refer.clone(), stray("$$")]);
        assert_eq!(action("5$Trefer"), [text("5"), stray("$"), text("Trefer")]);
        assert_eq!(action("$"), [stray("$")]);
    }

    #[test]
    fn urls_end_at_dollars_and_blanks() {
        let url = |text: &str| Part::Url(text.to_owned());
        let odd = |kind, text: &str| Part::Odd(kind, text.to_owned());
        assert_eq!(action("*5http://a/!x'y$Trefer$")[..2], [text("*5"), url("http://a/!x'y")]);
        assert_eq!(action("HTTPS://a b"), [url("HTTPS://a"), text(" b")]);
        assert_eq!(action("a://b"), [text("a://b")]);
        assert_eq!(action("x://http://y"), [text("x://"), url("http://y")]);
        assert_eq!(action("it's é"), [text("it"), odd(Odd::Reserved, "'"), text("s "), odd(Odd::Unprintable, "é")]);
    }

    #[test]
    fn dialects_differ_where_they_say() {
        let later = |text| parts(text, Context::Macro, &Dialect::SOFT_KEYS);
        let raw = |text: &str| Part::Item(Item::Raw(text.to_owned()));
        let item = |item| [Part::Item(item)];
        assert_eq!(action("$S5$"), item(Item::SpeedDial(number(5))));
        assert_eq!(later("$S5$"), item(Item::SoftKey("5".to_owned())));
        assert_eq!(action("$Sanswer$"), [raw("Sanswer")]);
        assert_eq!(later("$S#own$"), item(Item::SoftKey("#own".to_owned())));
        assert_eq!(action("$FHold$"), item(Item::Function("Hold".to_owned())));
        assert_eq!(later("$FHold$"), [raw("FHold")]);
        assert_eq!(action("$KHold$"), [raw("KHold")]);
        assert_eq!(later("$KHold$"), item(Item::HardKey("Hold".to_owned())));
        assert_eq!(later("$I2$"), item(Item::Menu("2".to_owned())));
        assert_eq!(later("it's"), [text("it's")]);
        let ask = Ask { label: "Your name".to_owned(), length: number(3), flags: "&N&M".to_owned() };
        assert_eq!(later("$PYour name&C3&N&M$"), item(Item::Ask(Box::new(ask))));
        assert_eq!(later("$Pname&C3x$"), [raw("Pname&C3x")]);
        let lamp = Lamp { program: "r500g500".to_owned(), label: "busy".to_owned() };
        assert_eq!(later("$LEDr500g500&Lbusy$"), item(Item::Lamp(lamp)));
        // A label may begin with these letters.
        assert_eq!(later("$LEDK2$"), item(Item::Label("EDK2".to_owned())));
        assert_eq!(action("$LEDr500&Lbusy$"), item(Item::Label("EDr500&Lbusy".to_owned())));
    }

    #[test]
    fn garbage_of_a_megabyte_reads() {
        let shards =
            ["$", "$$", "!", "^", "'", "http", "://", "http://", "$P1", "é", "$a", "$P&C", "a", "$LEDa1", "\0", "N1$"];
        for shard in shards {
            let garbage = shard.repeat((1 << 20) / shard.len());
            for dialect in [Dialect::SPEED_DIALS, Dialect::SOFT_KEYS] {
                for context in [Context::Contact, Context::Key, Context::Macro] {
                    assert_eq!(read(&garbage, context, &dialect).to_string(), garbage);
                }
            }
        }
    }
}

//! The parts of a script as they were written: each keeps its own spelling, so that printing a script gives its text
//! back. Whether a part means anything to a phone is asked elsewhere.

use crate::Span;

/// Where a text stands, which decides how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// The number of a directory entry: a script begins with `!` or `^`, anything else is a plain number.
    Contact,
    /// The action of a soft key: macros begin with `!`, an action string may begin with `^`.
    Key,
    /// The action string of a macro; that one may begin with `^`, too, is not proven.
    Macro,
}

/// How a text begins, and so what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A number or an address, no script.
    Plain,
    /// `!a!b`: macros and favourites, one after the other.
    References,
    /// An action string as it stands.
    Action,
    /// An action string behind `^`.
    Marked,
}

/// A text, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Where it stands.
    pub context: Context,
    /// How it begins.
    pub form: Form,
    /// Its parts; with the `^` of [`Form::Marked`] they tile the text.
    pub nodes: Vec<Node>,
}

/// A part and its bytes in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The bytes.
    pub span: Span,
    /// The part.
    pub part: Part,
}

/// A part of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Digits and other characters to send. In [`Form::Plain`] it is any text.
    Literal(String),
    /// `$…$`.
    Item(Item),
    /// `http://…` or `https://…`, up to the next `$`, blank or end.
    Url(String),
    /// `!…`.
    Reference(Reference),
    /// What has no place where it stands.
    Odd(Odd, String),
}

/// Why a part has no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Odd {
    /// `$` without another one.
    Dollar,
    /// `!` or `^` where no script begins.
    Mark,
    /// A character that the dialect reserves.
    Reserved,
    /// Characters outside of visible ASCII and the blank.
    Unprintable,
}

/// What `!` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A directory entry by its index.
    Favourite(Digits),
    /// A macro by its name.
    Macro(String),
}

/// What stands between two `$`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `P<label>&C<length>…`: a prompt of its own.
    Ask(Box<Ask>),
    /// `C<command>`.
    Command(Command),
    /// `F<name>`: a function of the phone's keys.
    Function(String),
    /// `K<name>`: a key of the phone's housing.
    HardKey(String),
    /// `L<label>`: what the key is called; may be empty.
    Label(String),
    /// `LED<program>&L<label>`: colours and times of the key's lamp.
    Lamp(Lamp),
    /// `M<name>`: another macro.
    Macro(String),
    /// `I<id>`: an entry of the phone's menu.
    Menu(String),
    /// `T<type>`: how what stands before is sent.
    Method(Method),
    /// `P<number>N<length>`: what the user types at a prompt.
    Prompt {
        /// Index of the prompt.
        number: Digits,
        /// Longest input.
        length: Digits,
    },
    /// Anything else.
    Raw(String),
    /// `S<id>`: a soft key by its identifier.
    SoftKey(String),
    /// `S<index>`: a directory entry by its speed-dial index.
    SpeedDial(Digits),
}

/// What a phone does on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ends the call.
    HangUp(Spelling),
    /// Holds the call.
    Hold(Spelling),
    /// Waits for seconds.
    Pause(Spelling, Digits),
    /// Waits until the call is connected.
    WaitConnect(Spelling),
}

/// How a command is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// As a word: `hangup`.
    Long,
    /// As its shortcut: `hu`.
    Short,
}

/// How digits are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// As tones in the call.
    Dtmf,
    /// As a call that the other side takes by itself.
    Intercom,
    /// As a new call.
    Invite,
    /// As the target of a transfer.
    Refer,
}

/// A prompt that is written where it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What the user is asked.
    pub label: String,
    /// Longest input.
    pub length: Digits,
    /// What follows, `&N&M` for instance: empty, or from a `&` on.
    pub flags: String,
}

/// What a lamp shows, and the label behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lamp {
    /// Colours and times, `r500g500` for instance: lower-case letters and digits in turn.
    pub program: String,
    /// The label; may be empty.
    pub label: String,
}

/// Decimal digits as they are written, one at least.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Digits(String);

impl Digits {
    /// The digits of a text that holds nothing else.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let sound = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        sound.then(|| Self(text.to_owned()))
    }

    /// As they are written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, saturating.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.0.bytes().fold(0, |number: u64, digit| {
            number.saturating_mul(10).saturating_add(u64::from(digit.saturating_sub(b'0')))
        })
    }
}

impl From<u32> for Digits {
    fn from(number: u32) -> Self {
        Self(number.to_string())
    }
}

impl Script {
    /// All bytes of the text.
    #[must_use]
    pub fn span(&self) -> Span {
        let mark = u32::from(self.form == Form::Marked);
        Span::new(0, self.nodes.last().map_or(mark, |node| node.span.end))
    }

    /// The macros that the script names, with the bytes that name them.
    pub fn macros(&self) -> impl Iterator<Item = (Span, &str)> {
        self.nodes.iter().filter_map(|node| match &node.part {
            Part::Item(Item::Macro(name)) | Part::Reference(Reference::Macro(name)) => Some((node.span, name.as_str())),
            _ => None,
        })
    }

    /// The prompts that the script asks by index, with the bytes that do.
    pub fn prompts(&self) -> impl Iterator<Item = (Span, u64)> {
        self.nodes.iter().filter_map(|node| match &node.part {
            Part::Item(Item::Prompt { number, .. }) => Some((node.span, number.number())),
            _ => None,
        })
    }
}

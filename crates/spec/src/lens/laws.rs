//! The laws of scalar lenses, run over every cell that `lenses()` lists.

use offhook_model::{Secret, Sym, Value};
use offhook_syntax::Severity;
use proptest::prelude::*;

use super::{Lens, Scalar, lenses};
use crate::Misfit;

fn scalars() -> Vec<(&'static str, Scalar<'static>)> {
    let cells = lenses().iter().flat_map(|info| info.cells);
    cells
        .filter_map(|cell| match Lens::parse(cell) {
            Ok(Some(Lens::Scalar(scalar))) => Some((*cell, scalar)),
            _ => None,
        })
        .collect()
}

fn lens() -> impl Strategy<Value = (&'static str, Scalar<'static>)> {
    prop::sample::select(scalars())
}

fn script() -> impl Strategy<Value = (&'static str, Scalar<'static>)> {
    let scripts: Vec<_> = scalars().into_iter().filter(|(_, lens)| matches!(lens, Scalar::Script(_))).collect();
    assert_eq!(scripts.len(), 10);
    prop::sample::select(scripts)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ \t]{0,2}[-+]?0{0,2}[0-9]{1,5}[ ]{0,2}",
        "[ ]{0,1}(0|1|-1|Yes|yes|No|no)[ ]{0,1}",
        "[a-z]{1,4}([.][a-z]{1,4}){0,2}(:[0-9]{1,5})?",
        "(\\[::1\\]|::1|fe80::1%eth0|192[.]0[.]2[.][0-9])",
        "[0-9x*#.T|RS<:=>,!^(){}+-]{0,12}",
        "[!^]?([$](P1N4|Trefer|Tinvite|Chu|Cwait|Mpark|X)[$]?|[0-9*]){0,4}",
        "(#|[(] ?[$]A eq \"x\" ?[)][?])?(\\[--(key|uid) [a-z]{1,3}\\]? )?(http://a)?/[$a-z]{0,5}( ?[|] ?/b)?",
        "(/[a-z]{1,2} ?=? ?/flat-profile/X ?;?){0,3}",
        "[0-9]{1,4}([+,][0-9]{0,3}){0,3}",
        "\\PC{0,70}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        "(udp|tcp|none|line|other)".prop_map(|word| Sym::new(&word).map_or(Value::Empty, Value::Choice)),
        (-3i64..5000).prop_map(|n| Value::Duration(n * 500)),
        (-3i64..200_000).prop_map(|n| Value::Duration(n * 60_000)),
        any::<i64>().prop_map(Value::Duration),
        Just(Value::Empty),
        text().prop_map(Value::Host),
        (-3i64..70_000).prop_map(Value::Int),
        text().prop_map(Value::Text),
        text().prop_map(|text| Value::Secret(Secret::new(text))),
        Just(Value::Unset),
    ]
}

/// What the model cannot tell apart once it is written.
fn plain(value: Value) -> Value {
    match value {
        Value::Secret(secret) => plain(Value::Text(secret.reveal().to_owned())),
        Value::Text(text) if text.is_empty() => Value::Empty,
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn get_put((cell, lens) in lens(), text in text()) {
        if let Ok(value) = lens.get(&text) {
            prop_assert_eq!(lens.put(&value, Some(&text)), Ok(text), "{}", cell);
        }
    }

    #[test]
    fn put_get((cell, lens) in lens(), value in value(), old in prop::option::of(text())) {
        match lens.put(&value, old.as_deref()) {
            Ok(text) => prop_assert_eq!(lens.get(&text), Ok(plain(value)), "{}", cell),
            Err(Misfit::Approximate { text }) => {
                let Ok(Value::Duration(near)) = lens.get(&text) else { panic!("{cell}: {text}") };
                prop_assert_ne!(Value::Duration(near), value, "an exact text is not approximate");
            }
            Err(_) => {}
        }
    }

    #[test]
    fn a_value_that_was_read_can_be_written_afresh((cell, lens) in lens(), text in text()) {
        if let Ok(value) = lens.get(&text) {
            let fresh = lens.put(&value, None).unwrap();
            prop_assert_eq!(lens.get(&fresh), Ok(value), "{}", cell);
        }
    }

    #[test]
    fn an_old_spelling_is_kept_and_only_then((cell, lens) in lens(), value in value(), old in text()) {
        if let Ok(text) = lens.put(&value, Some(&old)) {
            let means_it = lens.get(&old) == Ok(plain(value.clone()));
            if means_it {
                prop_assert_eq!(&text, &old, "{}", cell);
            } else {
                prop_assert_eq!(Ok(text), lens.put(&value, None), "{}", cell);
            }
        }
    }

    #[test]
    fn allowed_is_what_can_be_read((_, scalar) in lens(), text in text()) {
        prop_assert_eq!(Lens::Scalar(scalar.clone()).allows(&text), scalar.get(&text).is_ok());
    }

    #[test]
    fn a_script_is_its_own_text((cell, lens) in script(), text in text(), old in prop::option::of(text())) {
        let value = plain(Value::Text(text.clone()));
        match lens.get(&text) {
            Ok(found) => prop_assert_eq!((found, lens.put(&value, old.as_deref())), (value, Ok(text)), "{}", cell),
            Err(misfit) => prop_assert_eq!(lens.put(&value, old.as_deref()), Err(misfit), "{}", cell),
        }
    }

    #[test]
    fn findings_of_scripts_lie_within_them((cell, lens) in script(), text in text()) {
        let findings = Lens::Scalar(lens.clone()).findings(&text);
        let errors = findings.iter().any(|finding| finding.severity == Severity::Error);
        prop_assert_eq!(lens.get(&text).is_err(), errors, "{}", cell);
        for finding in findings {
            prop_assert!(finding.span.start <= finding.span.end && finding.span.end as usize <= text.len(), "{}", cell);
        }
    }

    #[test]
    fn lens_cells_never_panic(cell in "(text|int|bool|choice|octets|ms|script|script:macro)?:?[0-9a-z.,=/| -]{0,12}") {
        let _ = Lens::parse(&cell);
    }
}

#[test]
fn the_empty_text_is_allowed_and_empty() {
    for (cell, lens) in scalars() {
        assert_eq!(lens.get(""), Ok(Value::Empty), "{cell}");
        assert_eq!(lens.put(&Value::Empty, Some("1")), Ok(String::new()), "{cell}");
    }
}

#[test]
fn a_kept_spelling_really_differs_from_the_lens_s_own() {
    for (cell, old, own) in [
        ("int", " 007", "7"),
        ("minutes", "+5", "5"),
        ("bool:1/0", "1 ", "1"),
        ("bool:Yes|yes|1/No|no|0", "yes", "Yes"),
        ("host", "[::1]", "::1"),
    ] {
        let Ok(Some(Lens::Scalar(lens))) = Lens::parse(cell) else { panic!("{cell}") };
        let value = lens.get(old).unwrap();
        assert_eq!((lens.put(&value, Some(old)), lens.put(&value, None)), (Ok(old.to_owned()), Ok(own.to_owned())));
    }
}

//! Documents by the name of their format, and what every check compares.

use std::sync::{Arc, OnceLock};

use offhook_spec::{Format, Registry, Vendor};
use offhook_syntax::{Document, Kind, Source, Span, Syntax};

/// MAC of all documents that need one.
pub(crate) const MAC: [u8; 6] = [0x00, 0x0b, 0x82, 0x12, 0x34, 0x56];

/// Reads the built-in tables, which are no part of what an input costs.
pub(crate) fn warm() {
    static WARM: OnceLock<()> = OnceLock::new();
    WARM.get_or_init(|| {
        for vendor in Registry::embedded().vendors() {
            assert!(!vendor.table().unwrap().known(""));
        }
    });
}

/// A built-in format with its vendor.
pub(crate) fn format(name: &str) -> (&'static Vendor, &'static Format) {
    Registry::embedded().format(name).expect("a built-in format")
}

/// The syntax of a built-in format.
pub fn syntax(name: &str) -> Arc<dyn Syntax> {
    format(name).1.syntax(&[]).unwrap()
}

/// A document of these bytes.
pub fn parse(bytes: &[u8], syntax: &Arc<dyn Syntax>) -> Document {
    Document::parse(Source::new(bytes), Arc::clone(syntax))
}

/// Keys and values as they stand.
pub fn pairs(document: &Document) -> Vec<(String, String)> {
    document.entries().map(|entry| (entry.key().into_owned(), entry.value().into_owned())).collect()
}

/// Tile: tokens follow each other, none is empty, they cover the source; entries lie within theirs.
pub fn check_tile(document: &Document) {
    let (mut end, mut entries) = (0, 0);
    for token in document.tokens() {
        assert_eq!(token.span.start, end, "a gap or an overlap");
        assert!(token.span.start < token.span.end, "an empty token");
        end = token.span.end;
        entries += usize::from(token.kind == Kind::Entry);
    }
    let parsed = document.parsed();
    let len = parsed.source.bytes().len();
    assert_eq!(end as usize, len, "the tokens do not cover the source");
    assert_eq!(entries, parsed.tape.entries.len());
    for entry in &parsed.tape.entries {
        let whole = parsed.tape.whole(entry);
        assert!(whole.contains(entry.key) && whole.contains(entry.value), "an entry outside of its token");
    }
    for note in document.notes() {
        let spans = note.labels.iter().map(|(span, _)| *span).chain([note.span]);
        for span in spans {
            assert!(span.start <= span.end && span.end as usize <= len, "{} lies outside of the source", note.code);
            let _ = parsed.source.line_column(span.start);
        }
    }
}

/// Everything outside `spans`, which are sorted.
pub(crate) fn outside(bytes: &[u8], spans: &[Span]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for span in spans {
        out.extend_from_slice(&bytes[at..span.start as usize]);
        at = span.end as usize;
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

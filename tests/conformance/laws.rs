//! The laws over every file of both corpora, read by every format whoever claims it: tile, identity, locality, inverse,
//! get-put on really edited documents; and seal over sealed files. `offhook verify` must come to the same verdict.

use std::sync::Arc;

use conformance::folders::{Sample, both, corpus, files, samples, shared};
use conformance::hex::unhex;
use conformance::tool::{stdout, text};
use conformance::{full, skipped};
use offhook_seal::{Entropy, KeyBytes, Keys, Md, SaltChoice, SealError, Sniff, find};
use offhook_spec::Registry;
use offhook_syntax::{Change, Document, Kind, Source, Span, Syntax};

/// Entries of a file that locality is tried on, spread over the file: of files that the format claims, and of others.
const TRIED: [usize; 2] = [32, 3];

#[test]
fn every_file_keeps_the_laws_in_every_format() {
    let registry = Registry::embedded();
    let (mut count, mut edits) = (0, 0);
    for path in both() {
        let bytes = std::fs::read(&path).unwrap();
        for (_, format) in registry.formats() {
            let syntax = format.syntax(&[]).unwrap();
            let file = File { place: format!("{} as {}", path.display(), format.name), bytes: &bytes, syntax };
            edits += file.check();
        }
        count += 1;
    }
    assert!(count >= 200 && edits >= 1500, "{count} files, {edits} edits");
}

/// One file read in one format.
struct File<'a> {
    place: String,
    bytes: &'a [u8],
    syntax: Arc<dyn Syntax>,
}

impl File<'_> {
    /// Checks every law; gives the number of edits that were made.
    fn check(&self) -> usize {
        let mut document = self.parse(self.bytes);
        self.tile(&document);
        assert!(document.to_bytes() == self.bytes, "{}: identity", self.place);
        assert!(document.rebuild() == self.bytes, "{}: identity after a rebuild", self.place);
        let count = document.entries().count();
        let tried = TRIED[usize::from(self.syntax.claims(&document.parsed().source) == 0)];
        let places = (0..count).step_by((count / tried).max(1)).take(tried);
        let edits = places.map(|at| self.locality(&mut document, at)).filter(|edited| *edited).count();
        self.get_put(&mut document);
        self.insertion(&mut document);
        edits
    }

    fn parse(&self, bytes: &[u8]) -> Document {
        Document::parse(Source::new(bytes.to_vec()), Arc::clone(&self.syntax))
    }

    fn tile(&self, document: &Document) {
        let (mut end, mut entries) = (0, 0);
        for token in document.tokens() {
            assert!(token.span.start == end && token.span.end > end, "{}: tile at {end}", self.place);
            end = token.span.end;
            entries += usize::from(token.kind == Kind::Entry);
        }
        assert_eq!(end as usize, document.parsed().source.bytes().len(), "{}: tile to the end", self.place);
        assert_eq!(entries, document.parsed().tape.entries.len(), "{}: an entry is a token", self.place);
    }

    /// A new value for one entry, and the old one again. Gives whether the format could hold the new one.
    fn locality(&self, document: &mut Document, at: usize) -> bool {
        let entry = document.entries().nth(at).unwrap();
        let (name, old) = (format!("{}#{}", entry.key(), entry.ordinal()), entry.value().into_owned());
        let raw = *entry.raw().unwrap();
        let new = if old == "x-1" { "x-2" } else { "x-1" };
        match document.set(&name, new) {
            Ok(change) => assert_eq!(change, Change::Replaced, "{}: {name}", self.place),
            Err(_) => {
                assert!(!document.is_edited(), "{}: a misfit at {name} changes nothing", self.place);
                return false;
            }
        }
        let after = document.rebuild();
        let again = self.parse(&after);
        let count = document.entries().count();
        assert_eq!(again.entries().count(), count, "{}: {name} changes the number of entries", self.place);
        let value = again.entries().nth(at).map(|entry| entry.value().into_owned());
        assert_eq!(value.as_deref(), Some(new), "{}: {name} reads back", self.place);
        if document.parsed().source.is_plain() {
            let mut spans = self.syntax.derived(document.parsed());
            spans.push(raw.value);
            let new_raw = again.parsed().tape.entries[at];
            let mut new_spans = self.syntax.derived(again.parsed());
            new_spans.push(if new_raw.place == raw.place {
                new_raw.value
            } else {
                // A self-closing element was opened: all behind the value's start is of the entry.
                Span::new(raw.value.start, again.parsed().tape.whole(&new_raw).end)
            });
            // Lines may need quotes or a blank that parts the value from what stands beside it.
            let (head, tail) = (&self.bytes[..raw.value.start as usize], &self.bytes[raw.value.end as usize..]);
            let parted = self.syntax.name() == "lines"
                && after.starts_with(head)
                && after.ends_with(tail)
                && after.len() <= head.len() + new.len() + 3 + tail.len();
            assert!(
                parted || outside(self.bytes, spans) == outside(&after, new_spans),
                "{}: {name} changes bytes outside of its value",
                self.place
            );
        }
        document.set(&name, &old).unwrap();
        assert!(!document.is_edited(), "{}: the old value of {name} leaves an edit", self.place);
        true
    }

    /// A new entry, and none again.
    fn insertion(&self, document: &mut Document) {
        let key = "P99991";
        if document.entry(key).is_some() {
            return;
        }
        let before = document.entries().count();
        if document.set(key, "x-1").is_ok() {
            let again = self.parse(&document.rebuild());
            assert_eq!(again.entries().count(), before + 1, "{}: an insertion is one entry", self.place);
            assert_eq!(again.value(key).as_deref(), Some("x-1"), "{}: an insertion reads back", self.place);
            assert_eq!(document.remove(key), Change::Removed, "{}", self.place);
        }
        assert!(!document.is_edited(), "{}: an insertion taken back leaves an edit", self.place);
    }

    /// Every value written back as it was read; in between it is another one, so that something is really put.
    fn get_put(&self, document: &mut Document) {
        let named = |entry: offhook_syntax::EntryRef<'_>| {
            (format!("{}#{}", entry.key(), entry.ordinal()), entry.value().into_owned())
        };
        let values: Vec<(String, String)> = document.entries().map(named).collect();
        for (name, _) in &values {
            let _ = document.set(name, "put");
        }
        for (name, value) in &values {
            assert!(document.set(name, value).is_ok(), "{}: {name} cannot be put back", self.place);
        }
        assert!(!document.is_edited(), "{}: get-put leaves an edit", self.place);
        assert!(document.rebuild() == self.bytes, "{}: get-put", self.place);
    }
}

/// The bytes outside of spans.
fn outside(bytes: &[u8], mut spans: Vec<Span>) -> Vec<u8> {
    spans.sort();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    for span in spans {
        out.extend_from_slice(&bytes[at..span.start as usize]);
        at = span.end as usize;
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

/// Nothing random may be needed to close what was opened.
struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&mut self, _out: &mut [u8]) -> Result<(), SealError> {
        panic!("closing an opened file draws random bytes");
    }
}

fn keys(sample: &Sample) -> Keys {
    let salt = sample.part("salt").map(|salt| SaltChoice::Given(unhex(salt).try_into().unwrap()));
    let passphrase = sample.part("passphrase").map(|text| text.as_bytes().to_vec());
    let pem = || sample.part("pem").map(|name| std::fs::read(corpus().join(name)).unwrap());
    Keys {
        passphrase: passphrase.or_else(pem).map(KeyBytes::new),
        mac: sample.part("mac").map(|mac| unhex(mac).try_into().unwrap()),
        md: sample.part("md").map(|md| Md::find(md).unwrap()),
        salt: salt.unwrap_or_default(),
        ..Keys::default()
    }
}

#[test]
fn sealed_files_close_to_the_same_bytes() {
    let accept = |plain: &[u8]| {
        let sealed = offhook_seal::seals().iter().any(|seal| seal.proves(plain));
        sealed || Registry::embedded().proves(&Source::new(plain.to_vec())).is_some()
    };
    let sealed: Vec<Sample> = samples().into_iter().filter(|sample| sample.name.starts_with("sealed/")).collect();
    let mut counts = [0, 0];
    for sample in &sealed {
        let bytes = std::fs::read(&sample.path).unwrap();
        let keys = keys(sample);
        if !sample.is_sound() {
            for seal in offhook_seal::seals() {
                assert!(seal.open(&bytes, &keys, &accept).is_err(), "{} opens as {}", sample.name, seal.name());
            }
            counts[1] += 1;
            continue;
        }
        // The outermost seal is named, those inside it are known by their marks.
        let (mut seal, mut bytes) = (Some(find(&sample.kind).unwrap()), bytes);
        while let Some(outermost) = seal.filter(|seal| seal.facts().published) {
            let opened = outermost.open(&bytes, &keys, &accept);
            let opened = opened.unwrap_or_else(|error| panic!("{}: {error}", sample.name));
            let again = outermost.seal(&opened.plain, &keys, &mut NoEntropy, Some(&opened.residue())).unwrap();
            assert!(again == bytes, "{}: seal", sample.name);
            bytes = opened.plain;
            seal = offhook_seal::seals().iter().copied().find(|seal| seal.sniff(&bytes) == Sniff::Yes);
            counts[0] += 1;
        }
        if let Some(closed) = seal {
            let error = closed.open(&bytes, &keys, &accept).unwrap_err();
            assert!(matches!(error, SealError::Unpublished { .. }), "{}: {error}", sample.name);
        }
    }
    assert!(counts[0] >= 30 && counts[1] >= 20, "{counts:?} seals of sound files, and damaged files");
}

/// The last line of `verify`, with what came before it where something failed.
fn verify(paths: &[&str]) -> String {
    let mut args = vec!["verify"];
    args.extend(paths);
    let out = String::from_utf8(stdout(&args, &[0, 1])).unwrap();
    let last = out.lines().last().unwrap_or_default().to_owned();
    assert!(last.ends_with(" passed, 0 failed"), "{out}");
    last
}

#[test]
fn verify_passes_our_corpus() {
    let corpus = corpus();
    assert_eq!(
        verify(&[text(&corpus)]),
        format!("{} passed, 0 failed", files(&corpus).iter().filter(|f| visible(f)).count())
    );
}

#[test]
fn verify_passes_the_shared_corpus() {
    let Some(folder) = shared("corpus") else { return };
    if full() {
        let last = verify(&[text(&folder)]);
        assert_eq!(last, format!("{} passed, 0 failed", files(&folder).len()));
        return;
    }
    skipped("verify on the shared files of other vendors over 8 KiB; OFFHOOK_FULL=1 runs them");
    let small = |path: &std::path::PathBuf| path.metadata().unwrap().len() <= 8 << 10;
    let own = folder.join("grandstream/grandstream-text");
    let paths: Vec<_> = files(&folder).into_iter().filter(|path| small(path) || path.starts_with(&own)).collect();
    let names: Vec<&str> = paths.iter().map(|path| text(path)).collect();
    assert_eq!(verify(&names), format!("{} passed, 0 failed", names.len()));
}

/// The tool passes over hidden files in folders.
fn visible(path: &std::path::Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| !name.starts_with('.'))
}

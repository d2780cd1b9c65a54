//! Files that no vendor's table covers, told by `foreign.toml`: so that a person hears what a file is, or why nobody
//! knows, instead of a guess. Content decides; names are asked only about content that tells nothing.

use offhook_syntax::Source;
use offhook_syntax::xml::{PieceKind, Pieces};
use serde::Deserialize;

/// The kinds of files that are known by name only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foreign {
    /// The kinds; the first one that fits counts.
    #[serde(default)]
    pub kind: Vec<Kind>,
}

/// One kind of file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// What it is, behind "is".
    pub title: String,
    /// Root elements.
    #[serde(default)]
    pub roots: Vec<String>,
    /// What most of its lines begin with.
    #[serde(default)]
    pub lines: Vec<String>,
    /// One line that begins so is enough.
    #[serde(default)]
    pub first: bool,
    /// What names of such files end in.
    #[serde(default)]
    pub names: Vec<String>,
}

/// As much of a file as is looked at.
const HEAD: usize = 16 << 10;

/// Lines that decide.
const TELLING: usize = 8;

impl Foreign {
    /// What a file is that no format claims, or why that cannot be told: a phrase behind the file's name.
    #[must_use]
    pub fn reason(&self, source: &Source, name: &str) -> String {
        let head = source.bytes().get(..HEAD).unwrap_or(source.bytes());
        if head.is_empty() {
            return "is empty".to_owned();
        }
        if let Some(root) = root(head) {
            let root = String::from_utf8_lossy(root);
            if let Some(kind) = self.kind.iter().find(|kind| kind.roots.iter().any(|own| *own == root)) {
                return kind.phrase();
            }
            let root: String = root.chars().filter(|c| !c.is_control()).take(64).collect();
            return format!("is in no known format: its root element is <{root}>");
        }
        if let Some(kind) = self.kind.iter().find(|kind| kind.has_lines(head)) {
            return kind.phrase();
        }
        let binary = head.iter().any(|byte| *byte < b'\t' || (0x0E..0x20).contains(byte) || *byte == 0x7F);
        match self.by_name(name) {
            Some(phrase) if binary => phrase,
            _ if binary => "is in no known format: it is binary, and no known envelope".to_owned(),
            _ => "is in no known format: its lines set no settings of a known form".to_owned(),
        }
    }
}

impl Foreign {
    /// What a file is by its name alone, for content that tells nothing.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        let ends = |kind: &&Kind| kind.names.iter().any(|end| name.ends_with(&end.to_ascii_lowercase()));
        self.kind.iter().find(ends).map(Kind::phrase)
    }
}

/// The first element of a file that begins as markup.
fn root(head: &[u8]) -> Option<&[u8]> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    if !text.starts_with(b"<") {
        return None;
    }
    let element = |piece: &offhook_syntax::xml::Piece| matches!(piece.kind, PieceKind::Open | PieceKind::Empty);
    Pieces::new(text, 0).find(element).map(|piece| piece.name().of(text))
}

impl Kind {
    fn phrase(&self) -> String {
        format!("is {}; there is no table for such files", self.title)
    }

    fn has_lines(&self, head: &[u8]) -> bool {
        if self.lines.is_empty() {
            return false;
        }
        let (mut all, mut own) = (0, 0);
        for line in head.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii) {
            let begins = self.lines.iter().any(|start| line.starts_with(start.as_bytes()));
            if begins && self.first {
                return true;
            }
            if line.is_empty() || (!begins && matches!(line.first(), Some(b'#' | b';'))) {
                continue;
            }
            all += 1;
            own += usize::from(begins);
            if all == TELLING {
                break;
            }
        }
        own * 2 > all
    }
}

#[cfg(test)]
mod tests {
    use crate::Registry;
    use offhook_syntax::Source;

    fn told(content: &[u8], name: &str) -> String {
        Registry::embedded().foreign().reason(&Source::new(content.to_vec()), name)
    }

    #[test]
    fn foreign_files_are_named() {
        for (content, word) in [
            (&b"## x\nSET SIPDOMAIN a\nSET B c\n"[..], "Avaya"),
            (b"IF $MODEL4 SEQ 1603 GOTO X\nSET A B\n", "Avaya"),
            (b"<?xml version=\"1.0\"?><device><fullConfig>true</fullConfig></device>", "Cisco"),
            (b";****\n;** Ini File **\n[SIP_general]\nA=1\n", "AudioCodes gateways"),
            (b"system/type=320HD\nsystem/ntp/enabled=1\n", "AudioCodes phones"),
            (b"image_version: P0S3-8-12-00\nproxy1_address: x\n", "7940"),
        ] {
            let reason = told(content, "x.cfg");
            assert!(reason.contains(word) && reason.contains("no table"), "{reason}");
        }
    }

    #[test]
    fn others_get_the_reason_that_there_is() {
        for (content, name, reason) in [
            (&b""[..], "a", "is empty"),
            (b"<html>", "a", "is in no known format: its root element is <html>"),
            (b"just words\n", "a", "is in no known format: its lines set no settings of a known form"),
            (b"\x00\x01\x02", "a", "is in no known format: it is binary, and no known envelope"),
            (
                b"\x00\x01\x02",
                "T46-config.bin",
                "is a backup of a Yealink phone, whose form is not public; there is no table for such files",
            ),
            (b"words\n", "config.bin", "is in no known format: its lines set no settings of a known form"),
        ] {
            assert_eq!(told(content, name), reason);
        }
    }
}

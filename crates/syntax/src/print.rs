//! New documents from scratch: a sheet of items, printed by a syntax in its canonical spelling.

use std::borrow::Cow;

use crate::Misfit;

/// One line of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// An empty line between sections.
    Blank,
    /// Text for people, without markers.
    Comment(Cow<'a, str>),
    /// A setting.
    Entry {
        /// The key, as the target spells it.
        key: Cow<'a, str>,
        /// The value.
        value: Cow<'a, str>,
    },
}

impl Item<'_> {
    /// The same item, its texts borrowed from this one.
    #[must_use]
    pub fn borrow(&self) -> Item<'_> {
        match self {
            Self::Blank => Item::Blank,
            Self::Comment(text) => Item::Comment(Cow::Borrowed(text)),
            Self::Entry { key, value } => Item::Entry { key: Cow::Borrowed(key), value: Cow::Borrowed(value) },
        }
    }
}

/// What a new document says about its device outside the settings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frame {
    /// Hardware address, where the format names it.
    pub mac: Option<[u8; 6]>,
}

/// A printed document and what could not go into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// The file.
    pub bytes: Vec<u8>,
    /// Entries that were left out, by their place on the sheet.
    pub misfits: Vec<(usize, Misfit)>,
    /// Comments and blank lines that the syntax cannot hold.
    pub layout_lost: usize,
}

/// Why a document cannot be printed at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintError {
    /// The format needs the device's hardware address.
    NoMac,
    /// The format holds no more than this many bytes.
    TooLong {
        /// Bytes that the document would take.
        bytes: usize,
        /// Bytes that the format can hold.
        limit: usize,
    },
}

impl std::fmt::Display for PrintError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoMac => f.write_str("the format holds the device's MAC; help: give it with --mac"),
            Self::TooLong { bytes, limit } => {
                write!(f, "the file would take {bytes} bytes and the format holds {limit}; help: leave out settings")
            }
        }
    }
}

impl std::error::Error for PrintError {}

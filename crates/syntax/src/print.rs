//! New documents from scratch: a sheet of items, printed by a syntax in its canonical spelling.

use std::borrow::Cow;

use crate::Misfit;

/// Who may change a setting on the device's own pages, where a file says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody but the administrator.
    Hidden,
    /// The user sees the value.
    Read,
    /// The user may change the value.
    Write,
}

impl Access {
    /// The word for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hidden => "na",
            Self::Read => "ro",
            Self::Write => "rw",
        }
    }
}

/// What an entry says beside its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Who may change the setting; none where the entry does not say.
    pub access: Option<Access>,
    /// The entry names no value: the device keeps the one it has.
    pub keep: bool,
    /// The value also overrules what was changed on the device.
    pub firm: bool,
}

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
        /// What is said beside the value.
        marks: Marks,
    },
}

impl<'a> Item<'a> {
    /// A setting of which nothing is said beside its value.
    #[must_use]
    pub fn entry(key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        Self::Entry { key: key.into(), value: value.into(), marks: Marks::default() }
    }

    /// The same item, its texts borrowed from this one.
    #[must_use]
    pub fn borrow(&self) -> Item<'_> {
        match self {
            Self::Blank => Item::Blank,
            Self::Comment(text) => Item::Comment(Cow::Borrowed(text)),
            Self::Entry { key, value, marks } => {
                Item::Entry { key: Cow::Borrowed(key), value: Cow::Borrowed(value), marks: *marks }
            }
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

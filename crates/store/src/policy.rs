//! What a caller may ask for: when a file may be replaced, with which mode, how durable. Only data and the two
//! modes that follow from it; the passes that obey are in `write`, `batch` and `commit`.

/// When a file that exists with other content may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Always. The person said so.
    Force,
    /// When its content is what the ledger of the output folder says was written there by an earlier run.
    IfOwn,
    /// Always, because the new content is the edited old one. [`write`](crate::write()) follows a link here; a batch notes
    /// nothing in the ledger, for a file edited in place is the user's and not the tool's.
    InPlace,
    /// Never.
    Refuse,
}

/// How files are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// When an existing file may be replaced.
    pub overwrite: Overwrite,
    /// Permission bits of the files written. None keeps those of the file replaced and gives a new file 0600.
    /// Created folders get the same bits plus search where there is read (0640 makes 0750); None makes 0700.
    pub mode: Option<u32>,
    /// Wait until the bytes are on the disk.
    pub sync: bool,
}

impl Default for Policy {
    /// Refuse to replace, keep modes, be durable.
    fn default() -> Self {
        Self { overwrite: Overwrite::Refuse, mode: None, sync: true }
    }
}

impl Policy {
    /// Permission bits for a file that replaces one with the mode `old`.
    pub(crate) fn file_mode(&self, old: Option<u32>) -> u32 {
        self.mode.or(old).unwrap_or(0o600) & 0o777
    }

    /// Permission bits for a created folder. The owner can always use it.
    pub(crate) fn folder_mode(&self) -> u32 {
        let files = self.file_mode(None);
        0o700 | files | (files & 0o444) >> 2
    }
}

/// What became of a file, or will become of it on commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was none.
    Created,
    /// There was one with other content.
    Replaced,
    /// It held these bytes already and was not touched.
    Unchanged,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_get_search_where_files_get_read() {
        for (mode, folder) in
            [(None, 0o700), (Some(0o600), 0o700), (Some(0o640), 0o750), (Some(0o644), 0o755), (Some(0o060), 0o770)]
        {
            assert_eq!(Policy { mode, ..Policy::default() }.folder_mode(), folder, "{mode:?}");
        }
    }

    #[test]
    fn special_bits_are_never_passed_on() {
        assert_eq!(Policy::default().file_mode(Some(0o6755)), 0o755);
    }
}

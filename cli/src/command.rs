//! `--with-command`: a program of the user's own, such as a vendor's tool, between one file's bytes and another's. It
//! is started without a shell and knows nothing of ours: no key is handed to it. Files it is given lie in a folder
//! that only the user can read, and are removed whatever comes, but for a `kill -9`.

use std::fmt;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::str::FromStr;
use std::time::Duration;

use crate::batch::Run;
use crate::exit::Failure;

/// A command line: a program and its arguments, in which `{in}` and `{out}` stand for files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tool {
    program: String,
    arguments: Vec<String>,
}

const IN: &str = "{in}";
const OUT: &str = "{out}";

/// How often it is asked whether the program is done.
const PULSE: Duration = Duration::from_millis(10);

impl FromStr for Tool {
    type Err = String;

    /// Words are parted by blanks; quotes of either kind keep blanks in a word, and nothing else has a meaning.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = words(text)?.into_iter();
        let program = words.next().ok_or("the command is empty")?;
        Ok(Self { program, arguments: words.collect() })
    }
}

impl fmt::Display for Tool {
    /// The program's name: its arguments are the user's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Path::new(&self.program).file_name();
        f.write_str(name.map_or(&*self.program, |name| name.to_str().unwrap_or_default()))
    }
}

impl Tool {
    /// What the program makes of `bytes`, which may be up to `limit` bytes.
    pub(crate) fn run(&self, bytes: &[u8], limit: u64) -> Result<Vec<u8>, Failure> {
        let signals = Run::new()?;
        let folder = tempfile::Builder::new().prefix("offhook-").permissions(Permissions::from_mode(0o700)).tempdir();
        let folder = folder.map_err(|error| Failure::io("make", "a temporary folder", &error))?;
        let (source, result) = (folder.path().join("in"), folder.path().join("out"));
        let fail = |error: std::io::Error| Failure::io("use", "a temporary file", &error);
        private(&source).and_then(|mut file| file.write_all(bytes)).map_err(fail)?;
        let names = |name: &str| std::iter::once(&self.program).chain(&self.arguments).any(|word| word.contains(name));
        let stdin = if names(IN) { Stdio::null() } else { File::open(&source).map_err(fail)?.into() };
        // What a program says beside writing its file is a message, and the result goes to our standard output.
        let stdout = if names(OUT) { Stdio::from(std::io::stderr()) } else { private(&result).map_err(fail)?.into() };

        let place = |word: &String| word.replace(IN, &source.to_string_lossy()).replace(OUT, &result.to_string_lossy());
        let mut command = Command::new(place(&self.program));
        command.args(self.arguments.iter().map(place)).stdin(stdin).stdout(stdout);
        let child = command.spawn().map_err(|error| Failure::io("run", self, &error))?;
        let status = wait(child, &signals)?;
        if !status.success() {
            let what = match status.code() {
                Some(code) => format!("{self} ended with exit code {code}"),
                None => format!("{self} was ended by a signal"),
            };
            return Err(Failure::help(what, "run it by hand to see what it wants"));
        }
        let file = File::open(&result).map_err(|_| {
            Failure::help(format!("{self} wrote no file"), "{out} stands where it is told which file to write")
        })?;
        let mut content = Vec::new();
        file.take(limit.saturating_add(1)).read_to_end(&mut content).map_err(fail)?;
        if content.len() as u64 > limit {
            let what = format!("{self} wrote more than {limit} bytes");
            return Err(Failure::help(what, "raise the limit with --max-size"));
        }
        Ok(content)
    }
}

/// A new file that only the user can read.
fn private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Waits for the program; a signal to us ends it as well.
fn wait(mut child: Child, signals: &Run) -> Result<ExitStatus, Failure> {
    let mut pulse = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(error) => return Err(Failure::io("wait for", "the command", &error)),
        }
        if let Err(signal) = signals.check() {
            let _ = child.kill();
            let _ = child.wait();
            return Err(signal);
        }
        std::thread::sleep(pulse);
        pulse = (pulse * 2).min(PULSE);
    }
}

fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for char in text.chars() {
        match (quote, char) {
            (Some(open), _) if char == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(char);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t' | '\n' | '\r') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(char),
        }
    }
    if let Some(quote) = quote {
        return Err(format!("a {quote} is not closed"));
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_without_a_shell() {
        let split = |text: &str| words(text).unwrap();
        assert_eq!(split("  a  b\tc\n"), ["a", "b", "c"]);
        assert_eq!(
            split(r#"tool 'a b' "c 'd'" e'f 'g "" $HOME *"#),
            ["tool", "a b", "c 'd'", "ef g", "", "$HOME", "*"]
        );
        assert_eq!(split(r"a\ b ; c|d > e"), [r"a\", "b", ";", "c|d", ">", "e"]);
        assert!(words("a 'b").is_err() && words("\"").is_err());
        assert!("".parse::<Tool>().is_err() && " ".parse::<Tool>().is_err());
    }
}

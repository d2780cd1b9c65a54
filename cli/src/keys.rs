//! Keys for seals. They come from files, descriptors, the environment or a prompt, never from the command line, where
//! every user of the machine could read them.

use std::io::{IsTerminal, Read};
use std::os::fd::RawFd;
use std::path::PathBuf;

use offhook_gsheader::{mac_in_name, parse_mac};
use offhook_seal::{Entropy, KeyBytes, Keys, Md, SaltChoice, SealError};

use crate::exit::Failure;
use crate::input::Input;

/// Where the key comes from, and what goes with it.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct KeyArgs {
    /// File that holds the passphrase, the key itself for aes128gcm and yealink-aes, or PEM for yealink-rsa; one line
    /// ending at its end is not part of it
    #[arg(long, value_name = "FILE", group = "key-source", help_heading = "Keys")]
    key_file: Option<PathBuf>,
    /// Open file descriptor that the key is read from
    #[arg(long, value_name = "N", group = "key-source", help_heading = "Keys")]
    key_fd: Option<RawFd>,
    /// Environment variable that holds the key
    #[arg(long, value_name = "NAME", group = "key-source", help_heading = "Keys")]
    key_env: Option<String>,
    /// Ask for the key on the terminal
    #[arg(long, group = "key-source", help_heading = "Keys")]
    key_prompt: bool,
    /// MAC of the device [default: what the file or its name says]
    #[arg(long, value_name = "MAC", value_parser = mac, help_heading = "Keys")]
    pub(crate) mac: Option<[u8; 6]>,
    /// Hash that makes the key of the passphrase: md5 (what phones use) or sha256
    #[arg(long, value_name = "HASH", value_parser = md, help_heading = "Keys")]
    md: Option<Md>,
}

/// Choices that reproduce a sealed file.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct SealArgs {
    /// Salt of 16 hexadecimal digits, or 32 for aes128gcm, to reproduce a file
    #[arg(long, value_name = "HEX", value_parser = salt, help_heading = "Keys", conflicts_with = "no_salt")]
    salt: Option<SaltChoice>,
    /// Write no salt and no header
    #[arg(long, help_heading = "Keys")]
    no_salt: bool,
    /// Nonce of 4 hexadecimal digits, to reproduce a file
    #[arg(long, value_name = "HEX", value_parser = nonce, help_heading = "Keys")]
    nonce: Option<u16>,
}

impl KeyArgs {
    /// The keys, read once.
    pub(crate) fn read(&self) -> Result<Keys, Failure> {
        let passphrase = self.passphrase()?.map(KeyBytes::new);
        Ok(Keys { passphrase, mac: self.mac, md: self.md, ..Keys::default() })
    }

    fn passphrase(&self) -> Result<Option<Vec<u8>>, Failure> {
        if let Some(path) = &self.key_file {
            let bytes =
                std::fs::read(path).map_err(|error| Failure::io("read the key file", path.display(), &error))?;
            return Ok(Some(without_line_end(bytes)));
        }
        if let Some(fd) = self.key_fd {
            let mut bytes = Vec::new();
            // The descriptor is opened anew by its name, so that it stays the caller's to close.
            let read = std::fs::File::open(format!("/dev/fd/{fd}")).and_then(|mut file| file.read_to_end(&mut bytes));
            read.map_err(|error| Failure::io("read the key from descriptor", fd, &error))?;
            return Ok(Some(without_line_end(bytes)));
        }
        if let Some(name) = &self.key_env {
            let value = std::env::var_os(name).ok_or_else(|| {
                Failure::help(format!("the environment has no variable {name}"), "set it, or use --key-file")
            })?;
            return Ok(Some(std::os::unix::ffi::OsStringExt::into_vec(value)));
        }
        if self.key_prompt {
            if !std::io::stderr().is_terminal() {
                return Err(Failure::help("there is no terminal to ask for the key", "use --key-file"));
            }
            let text = rpassword::prompt_password("passphrase: ");
            return Ok(Some(text.map_err(|error| Failure::io("read", "the passphrase", &error))?.into_bytes()));
        }
        Ok(None)
    }
}

impl SealArgs {
    /// The keys with these choices.
    pub(crate) fn choose(&self, keys: Keys) -> Keys {
        let salt = match (self.salt, self.no_salt) {
            (Some(salt), _) => salt,
            (None, true) => SaltChoice::None,
            (None, false) => SaltChoice::Random,
        };
        Keys { salt, nonce: self.nonce, ..keys }
    }
}

/// Keys for one file: where no MAC is given, the one in its name.
pub(crate) fn for_file(keys: &Keys, input: &Input) -> Keys {
    let name = input.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    Keys { mac: keys.mac.or_else(|| mac_in_name(name)), ..keys.clone() }
}

/// The operating system's source of random bytes.
pub(crate) struct Os;

impl Entropy for Os {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), SealError> {
        getrandom::fill(out).map_err(|error| SealError::Entropy { what: error.to_string() })
    }
}

fn without_line_end(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    bytes
}

/// Reads a MAC in any usual spelling.
pub(crate) fn mac(text: &str) -> Result<[u8; 6], String> {
    parse_mac(text).ok_or_else(|| "a MAC is 12 hexadecimal digits, such as 000b82123456".to_owned())
}

fn md(text: &str) -> Result<Md, String> {
    Md::find(text).ok_or_else(|| "the hash is md5 or sha256".to_owned())
}

fn salt(text: &str) -> Result<SaltChoice, String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let choice = match text.len() {
        16 => u64::from_str_radix(text, 16).ok().map(|salt| SaltChoice::Given(salt.to_be_bytes())),
        32 => u128::from_str_radix(text, 16).ok().map(|salt| SaltChoice::Long(salt.to_be_bytes())),
        _ => None,
    };
    choice.filter(|_| digits).ok_or_else(|| "a salt is 16 hexadecimal digits, or 32".to_owned())
}

fn nonce(text: &str) -> Result<u16, String> {
    let number = (text.len() == 4).then(|| u16::from_str_radix(text, 16).ok()).flatten();
    number.filter(|nonce| *nonce != 0).ok_or_else(|| "a nonce is 4 hexadecimal digits, not all 0".to_owned())
}

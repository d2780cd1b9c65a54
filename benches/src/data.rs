//! Inputs: made anew in a scratch folder for every run, the same in each. The settings are of the usual kinds (numbers,
//! names, servers with a port, passwords with a sign), none is anybody's.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use offhook_gsheader::Mac;
use tempfile::TempDir;

use crate::{Result, Run};

/// How many settings a file of a fleet has.
pub const SETTINGS: usize = 400;

/// A scratch folder on the disk, under the system's folder for temporary files; it goes when the value does. What rounds
/// write stays in it until then, for the reason that [`calm`] gives.
///
/// # Errors
/// Those of the file system.
pub fn on_disk() -> Result<TempDir> {
    Ok(tempfile::Builder::new().prefix(PREFIX).tempdir()?)
}

/// A scratch folder in memory where the system has a place for that, for measurements of CPU time, which a disk would
/// blur. `TMPDIR` overrules it.
///
/// # Errors
/// Those of the file system.
pub fn in_memory() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if std::env::var_os("TMPDIR").is_none()
        && let Ok(folder) = tempfile::Builder::new().prefix(PREFIX).tempdir_in(memory)
    {
        return Ok(folder);
    }
    on_disk()
}

const PREFIX: &str = "offhook-bench-";

/// Waits until files that were deleted before count no more, if the scratch folder is on ext4. For a while after an inode
/// was freed ext4 passes it over for new files, and looks at all such inodes again for each: the more were deleted, by
/// whomever, the longer a new file takes.
///
/// # Errors
/// Those of the file system.
pub fn calm(scratch: &Path, run: Run) -> Result<()> {
    if !run.waits || rustix::fs::statfs(scratch)?.f_type != EXT4 {
        return Ok(());
    }
    rustix::fs::sync();
    println!("  waiting {} s for the file system to forget deleted files; --now goes on at once", CALM.as_secs());
    std::thread::sleep(CALM);
    Ok(())
}

/// The mark of ext4 in `statfs`.
const EXT4: rustix::fs::FsWord = 0xEF53;

/// A little more than ext4 waits: a minute, and five more where a neighbour was written to.
const CALM: Duration = Duration::from_secs(365);

/// The MAC of the n-th device.
#[must_use]
pub const fn mac(number: u32) -> Mac {
    let [_, a, b, c] = number.to_be_bytes();
    [0x00, 0x0b, 0x82, a, b, c]
}

/// A MAC as file names spell it.
#[must_use]
pub fn hex(mac: Mac) -> String {
    mac.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// P-value text of `settings` settings, `joint` between key and value.
#[must_use]
pub fn text(settings: usize, joint: &str, device: u32) -> String {
    let mut text = String::with_capacity(settings * 24);
    for number in 1..=settings {
        let _ = write!(text, "P{number}{joint}");
        let _ = match number % 8 {
            0 => write!(text, "sip{}.example.com:5060", number % 5),
            1 => write!(text, "Extension {device}"),
            2 => write!(text, "s3cret-{device}@{number}"),
            3 => Ok(()),
            4 => write!(text, "http://example.com/fw/{number}"),
            rest => write!(text, "{}", number * rest),
        };
        text.push('\n');
    }
    text
}

/// A Polycom parameter file of `lines` registrations, ten parameters each, laid out as the vendor's own templates are.
#[must_use]
pub fn polycom(lines: usize) -> String {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<polycomConfig>\r\n  <reg\r\n");
    for line in 1..=lines {
        let secret = format!("s3cret-{line}&amp;x");
        for (key, value) in [
            ("address", format!("{}", 1000 + line)),
            ("auth.userId", format!("{}", 1000 + line)),
            ("auth.password", secret),
            ("displayName", format!("Extension {line}")),
            ("label", String::new()),
            ("server.1.address", "sip.example.com".to_owned()),
            ("server.1.port", "5060".to_owned()),
            ("server.1.transport", "DNSnaptr".to_owned()),
            ("server.1.expires", "3600".to_owned()),
            ("type", "private".to_owned()),
        ] {
            let _ = write!(text, "    reg.{line}.{key}=\"{value}\"\r\n");
        }
        if line % 12 == 0 {
            text.push_str("  />\r\n  <!-- the next ones -->\r\n  <reg\r\n");
        }
    }
    text.push_str("  />\r\n</polycomConfig>\r\n");
    text
}

/// A Yealink file of about so many lines, as the vendor's templates are: headlines in comments, blank lines, settings with
/// and without a value, for phones in groups of sixteen accounts.
#[must_use]
pub fn yealink(lines: usize) -> String {
    let mut text = String::from("#!version:1.0.0.1\n");
    let mut written = 1;
    for account in 1.. {
        if written >= lines {
            break;
        }
        let number = account % 16 + 1;
        let head = "#".repeat(87);
        let _ = write!(
            text,
            "\n{head}\n##                     Account{number} Basic Settings                     ##\n{head}\n"
        );
        for (key, value) in [
            ("enable", "1".to_owned()),
            ("label", format!("Extension {account}")),
            ("display_name", format!("Front desk {account}")),
            ("auth_name", format!("{}", 1000 + account)),
            ("user_name", format!("{}", 1000 + account)),
            ("password", format!("s3cret-{account}#x")),
            ("outbound_proxy_enable", String::new()),
            ("sip_server.1.address", "sip.example.com".to_owned()),
            ("sip_server.1.port", "5060".to_owned()),
            ("sip_server.1.transport_type", "2".to_owned()),
            ("sip_server.1.expires", "3600".to_owned()),
            ("sip_server.2.address", String::new()),
            ("nat.udp_update_time", "30".to_owned()),
            ("codec.g722_1c_48kpbs.enable", "0".to_owned()),
            ("dialplan.digitmap.string", String::new()),
            ("blf.blf_list_uri", format!("blf{account}@sip.example.com")),
        ] {
            let _ = writeln!(text, "account.{number}.{key} = {value}");
        }
        written += 20;
    }
    text
}

/// The text that `gs_oracle.py bench` encodes.
#[must_use]
pub fn oracle_text() -> String {
    (1..400).map(|number| format!("P{number} = value {number}")).collect::<Vec<_>>().join("\n")
}

/// A fleet: `count` files `cfg<mac>.txt` in a new folder `name`.
///
/// # Errors
/// Those of the file system.
pub fn fleet(scratch: &Path, name: &str, count: usize, joint: &str) -> Result<PathBuf> {
    let folder = scratch.join(name);
    fs::create_dir(&folder)?;
    for device in (0u32..).take(count) {
        fs::write(folder.join(format!("cfg{}.txt", hex(mac(device)))), text(SETTINGS, joint, device))?;
    }
    Ok(folder)
}

/// Bytes that no compressor or cipher finds easy, the same each time.
#[must_use]
pub fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_what_they_are_said_to_be() {
        let folder = in_memory().unwrap();
        let fleet = fleet(folder.path(), "in", 3, " = ").unwrap();
        let mut names: Vec<_> = fs::read_dir(&fleet).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["cfg000b82000000.txt", "cfg000b82000001.txt", "cfg000b82000002.txt"]);
        let text = fs::read_to_string(fleet.join("cfg000b82000001.txt")).unwrap();
        assert_eq!(text.lines().count(), SETTINGS);
        assert!(text.lines().all(|line| line.starts_with('P') && line.contains(" = ")));
        assert_eq!(noise(13).len(), 13);
    }
}

//! AES-256-CBC: `offhook seal` and `offhook open` against `openssl enc`, whole processes, on one large body and on many
//! small files.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use benches::clock::{Spent, child};
use benches::report::{Line, Target, skipped};
use benches::rounds::{Outputs, in_turns, median};
use benches::{Result, Run, data, program};

fn main() -> Result<()> {
    benches::main("aes_bulk", body)
}

struct Sides {
    offhook: PathBuf,
    key: PathBuf,
}

fn body(run: Run) -> Result<()> {
    if !program::is_there("openssl", "version") {
        skipped("everything", "there is no openssl");
        return Ok(());
    }
    let scratch = data::in_memory()?;
    let sides = Sides { offhook: program::offhook()?, key: scratch.path().join("key") };
    fs::write(&sides.key, "a passphrase\n")?;
    sides.bulk(run, scratch.path())?;
    sides.one_process_a_file(run, scratch.path())?;
    sides.one_command(run, scratch.path())
}

impl Sides {
    fn bulk(&self, run: Run, scratch: &Path) -> Result<()> {
        let (plain, sealed) = (scratch.join("plain"), scratch.join("sealed"));
        let (out, peer_out) = (scratch.join("out"), scratch.join("peer"));
        let size = run.pick(48, 1);
        fs::write(&plain, data::noise(size << 20))?;
        let rounds = run.pick(9, 1);
        let results = in_turns(rounds, || self.seal(&plain, &out), || self.encrypt(&plain, &peer_out))?;
        print(&format!("{size} MiB, seal"), &results);
        self.encrypt(&plain, &sealed)?;
        let results = in_turns(rounds, || self.open(&sealed, &out), || self.decrypt(&sealed, &peer_out))?;
        print(&format!("{size} MiB, open"), &results);
        if fs::read(&out)? != fs::read(&plain)? {
            return Err("what was opened is not what was sealed".into());
        }
        Ok(())
    }

    /// Both sides start a process for every file.
    fn one_process_a_file(&self, run: Run, scratch: &Path) -> Result<()> {
        let files = run.pick(200, 5);
        let (plain, out) = (scratch.join("small"), scratch.join("small.enc"));
        fs::write(&plain, data::noise(4096))?;
        let ours = || times(files, || self.seal(&plain, &out));
        let peer = || times(files, || self.encrypt(&plain, &out));
        let results = in_turns(run.pick(5, 1), ours, peer)?;
        for (clock, figure) in CLOCKS {
            let (ours, peer) = (median(&results.0, figure), median(&results.1, figure));
            Line::new(format!("{files} files of 4 KiB, a process each, seal, {clock}"), "s", ours, peer)
                .speed()
                .print();
        }
        Ok(())
    }

    /// One command of ours for a folder; the peer knows only one process a file.
    fn one_command(&self, run: Run, scratch: &Path) -> Result<()> {
        let files = run.pick(500, 5);
        let fleet = data::fleet(scratch, "in", files, "=")?;
        let inputs: Vec<PathBuf> = fs::read_dir(&fleet)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        let (mut out, peer_out) = (Outputs::new(scratch, "fleet"), scratch.join("small.enc"));
        let ours = || {
            let mut command = self.with_key("convert");
            command
                .arg(&fleet)
                .args(["--to", "grandstream-text", "--seal", "openssl-aes256", "--out-dir"])
                .arg(out.next_place());
            child(command.stdout(Stdio::null()))
        };
        let mut inputs = inputs.iter().cycle();
        let peer = || times(files, || self.encrypt(inputs.next().ok_or("no file")?, &peer_out));
        let results = in_turns(run.pick(3, 1), ours, peer)?;
        for (clock, figure) in CLOCKS {
            let (ours, peer) = (median(&results.0, figure), median(&results.1, figure));
            Line::new(format!("{files} texts, our one command, seal, {clock}"), "s", ours, peer).speed().print();
        }
        Ok(())
    }

    fn seal(&self, from: &Path, to: &Path) -> Result<Spent> {
        let mut command = self.with_key("seal");
        child(command.arg(from).args(["--as", "openssl-aes256"]).stdout(File::create(to)?))
    }

    fn open(&self, from: &Path, to: &Path) -> Result<Spent> {
        let mut command = self.with_key("open");
        child(command.arg(from).args(["--content", "any", "--md", "md5"]).stdout(File::create(to)?))
    }

    fn with_key(&self, verb: &str) -> Command {
        let mut command = Command::new(&self.offhook);
        command.arg(verb).arg("--key-file").arg(&self.key);
        command
    }

    fn encrypt(&self, from: &Path, to: &Path) -> Result<Spent> {
        self.openssl("-e", from, to)
    }

    fn decrypt(&self, from: &Path, to: &Path) -> Result<Spent> {
        self.openssl("-d", from, to)
    }

    fn openssl(&self, way: &str, from: &Path, to: &Path) -> Result<Spent> {
        let mut key = std::ffi::OsString::from("file:");
        key.push(&self.key);
        let mut command = Command::new("openssl");
        command.args(["enc", way, "-aes-256-cbc", "-md", "md5", "-pass"]).arg(key);
        command.args([OsStr::new("-in"), from.as_os_str(), OsStr::new("-out"), to.as_os_str()]);
        // It warns that MD5 is no good key derivation, which is true and what phones use.
        child(command.stderr(Stdio::null()))
    }
}

type Clock = (&'static str, fn(&Spent) -> f64);
const CLOCKS: [Clock; 2] = [("CPU", |spent| spent.cpu), ("wall", |spent| spent.wall)];

fn print(what: &str, (ours, peer): &(Vec<Spent>, Vec<Spent>)) {
    for (clock, figure) in CLOCKS {
        Line::new(format!("{what}, {clock}"), "s", median(ours, figure), median(peer, figure))
            .speed()
            .target(Target::AtLeast(0.8))
            .print();
    }
}

fn times(count: usize, mut work: impl FnMut() -> Result<Spent>) -> Result<Spent> {
    (0..count).try_fold(Spent::default(), |sum, _| Ok(sum.and(work()?)))
}

//! P-value text to XML, against the pipeline of `sed` that the vendor's community wiki gives, under `LC_ALL=C`.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use benches::clock::{Spent, child};
use benches::report::{Line, Target};
use benches::rounds::{Outputs, in_turns, median};
use benches::{Result, Run, data, program};

/// The pipeline as published, the file's name left to the shell.
const PIPELINE: &str = r##"cat "$f" | sed 's/^#.*/& -->/' | sed -e 's/^#/<!--/g' | sed 's/^\(P[0-9]*\)\(=.*\)/<\1>\2<\/\1>/' | sed 's/>=/>/'"##;

fn main() -> Result<()> {
    benches::main("text_to_xml", body)
}

fn body(run: Run) -> Result<()> {
    let offhook = program::offhook()?;
    let scratch = data::in_memory()?;
    many(run, &offhook, scratch.path())?;
    large(run, &offhook, scratch.path())
}

/// One command of ours over a folder; one pipeline a file in one shell.
fn many(run: Run, offhook: &Path, scratch: &Path) -> Result<()> {
    let count = run.pick(500, 20);
    let fleet = data::fleet(scratch, "in", count, "=")?;
    let (mut out, mut peer_out) = (Outputs::new(scratch, "out"), Outputs::new(scratch, "peer"));
    let ours = || {
        let mut command = Command::new(offhook);
        command.arg("convert").arg(&fleet).args(["--to", "grandstream-xml", "--out-dir"]).arg(out.next_place());
        child(command.stdout(Stdio::null()))
    };
    let script = format!(r#"for f in "$1"/*.txt; do n=${{f##*/}}; {PIPELINE} > "$2/${{n%.txt}}.xml"; done"#);
    let peer = || {
        let out = peer_out.next_place();
        fs::create_dir(&out)?;
        child(shell(&script).arg(&fleet).arg(&out))
    };
    let (ours, peer) = in_turns(run.pick(3, 1), ours, peer)?;
    print(&format!("{count} files"), &ours, &peer);
    Ok(())
}

/// One command of ours and one pipeline over one file.
fn large(run: Run, offhook: &Path, scratch: &Path) -> Result<()> {
    let file = scratch.join("large.txt");
    fs::write(&file, data::text(run.pick(1_000_000, 10_000), "=", 7))?;
    let size = fs::metadata(&file)?.len();
    let (out, peer_out) = (scratch.join("large.xml"), scratch.join("peer.xml"));
    let ours = || {
        let mut command = Command::new(offhook);
        command.arg("convert").arg(&file).args(["--to", "grandstream-xml"]);
        child(command.stdout(File::create(&out)?))
    };
    let script = format!(r#"f="$1"; {PIPELINE}"#);
    let peer = || child(shell(&script).arg(&file).stdout(File::create(&peer_out)?));
    let (ours, peer) = in_turns(run.pick(5, 1), ours, peer)?;
    print(&format!("one file of {:.1} MB", megabytes(size)), &ours, &peer);
    Ok(())
}

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).env("LC_ALL", "C");
    command
}

fn print(what: &str, ours: &[Spent], peer: &[Spent]) {
    let line = |clock: &str, unit, figure: fn(&Spent) -> f64| {
        Line::new(format!("text -> XML, {what}, {clock}"), unit, median(ours, figure), median(peer, figure)).speed()
    };
    line("CPU", "cpu-s", |spent| spent.cpu).target(Target::AtLeast(15.0)).print();
    line("wall", "s", |spent| spent.wall).print();
}

#[allow(clippy::cast_precision_loss)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

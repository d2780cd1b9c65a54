//! A fleet in one command, text to encrypted binary on all cores, against a writer that has the bytes ready and does the
//! same temporaries, renames and syncs; and against `cp -r` with `sync`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use benches::clock::{Spent, child, wall};
use benches::report::{Line, Target, limit};
use benches::rounds::{Outputs, in_turns, median};
use benches::{Result, Run, data, program, raw_writer};

/// Most memory that the command may take.
const MEMORY: f64 = 200e6;

fn main() -> Result<()> {
    benches::main("fleet", body)
}

#[allow(clippy::cast_precision_loss)]
fn body(run: Run) -> Result<()> {
    let offhook = program::offhook()?;
    let scratch = data::on_disk()?;
    let path = |name: &str| scratch.path().join(name);
    let count = run.pick(10_000, 200);
    let fleet = data::fleet(scratch.path(), "in", count, " = ")?;
    data::calm(scratch.path(), run)?;
    // The first run is for the memory, as long as the bench itself holds nothing, and for the bytes.
    let first = convert(&offhook, &fleet, &path("ready"))?;
    let files = read(&path("ready"))?;
    if files.len() != count {
        return Err(format!("{} files came out", files.len()).into());
    }
    let bare = path("bare");
    fs::create_dir(&bare)?;
    for (name, bytes) in &files {
        fs::write(bare.join(name), bytes)?;
    }

    let outputs = |name| Outputs::new(scratch.path(), name);
    let (mut out, mut raw_out, mut copy_out) = (outputs("ours"), outputs("raw"), outputs("copy"));
    let mut copies = Vec::new();
    let ours = || {
        settle()?;
        convert(&offhook, &fleet, &out.next_place())
    };
    let peers = || {
        let folder = raw_out.next_place();
        fs::create_dir(&folder)?;
        settle()?;
        let raw = wall(|| Ok(raw_writer::write_all(&folder, &files, program::cores())?))?;
        settle()?;
        copies.push(copy(&bare, &copy_out.next_place())?);
        Ok(raw)
    };
    let (ours, raw) = in_turns(run.pick(5, 1), ours, peers)?;
    let ours_wall = median(&ours, |spent| spent.wall);
    Line::new(format!("{count} files, wall, to the raw writer"), "s", ours_wall, median(&raw, |wall| *wall))
        .target(Target::AtMost(2.0))
        .print();
    Line::new("the same, to cp -r && sync", "s", ours_wall, median(&copies, |wall| *wall)).print();
    let cpu = median(&ours, |spent| spent.cpu);
    println!("  {:<52} ours {cpu:>9.2} cpu-s on {} cores", "CPU seconds of the command", program::cores());
    println!("{}", limit("most resident memory", "MB", first.rss as f64 / 1e6, MEMORY / 1e6));
    Ok(())
}

fn convert(offhook: &Path, fleet: &Path, out: &Path) -> Result<Spent> {
    let mut command = Command::new(offhook);
    command.arg("convert").arg(fleet).args(["--to", "grandstream-bin", "--seal", "gs-encrypted", "--out-dir"]).arg(out);
    child(command.stdout(Stdio::null()))
}

fn copy(from: &Path, to: &Path) -> Result<f64> {
    let mut command = Command::new("sh");
    command.args(["-c", r#"cp -r "$1" "$2" && sync"#, "sh"]).arg(from).arg(to);
    Ok(child(&mut command)?.wall)
}

/// Nothing of one round is left to write in the next.
fn settle() -> Result<()> {
    child(&mut Command::new("sync"))?;
    Ok(())
}

/// The configs in a folder, with their names.
fn read(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && name.starts_with("cfg")
        {
            files.push((name, fs::read(entry.path())?));
        }
    }
    files.sort();
    Ok(files)
}

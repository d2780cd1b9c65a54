//! Polycom's XML read without loss and put together again, against lxml's parse and serialise, xmllint and the events of
//! quick-xml; and one edit in a file of 3 MB against `cat` of it.

use std::fs::{self, File};
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use benches::clock::{Spent, child, thread_cpu};
use benches::report::{Line, Target};
use benches::rounds::{in_turns, median};
use benches::{Result, Run, data, events, program};
use offhook_spec::Registry;
use offhook_syntax::{Document, Source, Syntax};

/// Parses and serialises a file so many times and prints the CPU seconds of one.
const LXML: &str = "import sys, time
from lxml import etree
data = open(sys.argv[1], 'rb').read()
times = int(sys.argv[2])
parser = etree.XMLParser(huge_tree=True, resolve_entities=False)
start = time.process_time()
for _ in range(times):
    etree.tostring(etree.fromstring(data, parser), xml_declaration=True, encoding='UTF-8')
print((time.process_time() - start) / times)";

fn main() -> Result<()> {
    benches::main("polycom_xml", body)
}

fn body(run: Run) -> Result<()> {
    let scratch = data::in_memory()?;
    let (_, format) = Registry::embedded().format("polycom").ok_or("no such format")?;
    let syntax = format.syntax(&[])?;
    for (size, lines, times) in [("200 KB", 500, 20), ("3 MB", 7_500, 1)] {
        let bytes = data::polycom(lines).into_bytes();
        let file = scratch.path().join("phone.cfg");
        fs::write(&file, &bytes)?;
        if reemit(&bytes, &syntax) != bytes {
            return Err("the file does not come back".into());
        }
        whole(run, size, &bytes, &file, times, &syntax)?;
        if lines == 7_500 {
            one_edit(run, &file, scratch.path())?;
        }
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)]
fn whole(run: Run, size: &str, bytes: &[u8], file: &Path, times: usize, syntax: &Arc<dyn Syntax>) -> Result<()> {
    let rounds = run.pick(15, 3);
    let rate = |seconds: f64| bytes.len() as f64 / 1e6 / seconds;
    let each = |seconds: f64| rate(seconds / times as f64);
    let mut out = Vec::with_capacity(bytes.len());
    let mut emit = || {
        out.clear();
        let document = Document::parse(Source::new(black_box(bytes).to_vec()), Arc::clone(syntax));
        document.emit(&mut |piece| out.extend_from_slice(piece));
        black_box(&out);
    };
    let mut ours = || Ok(each(thread_cpu(|| (0..times).for_each(|_| emit()))));
    let line = |peer: &str, (ours, theirs): (Vec<f64>, Vec<f64>)| {
        let what = format!("Polycom XML of {size}, parse and re-emit, to {peer}");
        Line::new(what, "MB/cpu-s", median(&ours, |rate| *rate), median(&theirs, |rate| *rate))
    };
    match program::python("lxml.etree") {
        Some(python) => {
            let lxml = || {
                let output = Command::new(&python).args(["-c", LXML]).arg(file).arg(times.to_string()).output()?;
                Ok(rate(String::from_utf8(output.stdout)?.trim().parse()?))
            };
            line("lxml parse + serialise", in_turns(rounds, &mut ours, lxml)?).target(Target::AtLeast(4.0)).print();
        }
        None => println!("  skipped: python3 has no lxml"),
    }
    let events = || Ok(each(thread_cpu(|| (0..times).for_each(|_| drop(black_box(events::count(black_box(bytes))))))));
    let (mine, theirs) = in_turns(rounds, &mut ours, events)?;
    let speed = median(&mine, |rate| *rate);
    line("quick-xml's events", (mine, theirs)).print();
    Line::new(format!("Polycom XML of {size}, parse and re-emit, to 300 MB/s"), "MB/cpu-s", speed, 300.0)
        .target(Target::AtLeast(1.0))
        .print();
    if program::is_there("xmllint", "--version") {
        let lint = || {
            let spent = child(Command::new("xmllint").arg(file).stdout(Stdio::null()))?;
            Ok(rate(spent.cpu))
        };
        line("xmllint, its start included", in_turns(rounds, &mut ours, lint)?).print();
    } else {
        println!("  skipped: there is no xmllint");
    }
    Ok(())
}

/// One edit to standard output, start to exit, against twice `cat` of the file plus 15 ms.
fn one_edit(run: Run, file: &Path, scratch: &Path) -> Result<()> {
    let offhook = program::offhook()?;
    let (out, peer_out) = (scratch.join("out.cfg"), scratch.join("cat.cfg"));
    let ours = || {
        let mut command = Command::new(&offhook);
        command.arg("set").arg(file).arg("reg.400.label=Front desk").stdout(File::create(&out)?);
        child(&mut command)
    };
    let peer = || child(Command::new("cat").arg(file).stdout(File::create(&peer_out)?));
    let (ours, peer) = in_turns(run.pick(31, 3), ours, peer)?;
    let wall = |spent: &Spent| spent.wall * 1e3;
    let limit = 2.0 * median(&peer, wall) + 15.0;
    Line::new("one edit in 3 MB, to twice `cat` plus 15 ms", "ms", median(&ours, wall), limit)
        .target(Target::AtMost(1.0))
        .print();
    Ok(())
}

fn reemit(bytes: &[u8], syntax: &Arc<dyn Syntax>) -> Vec<u8> {
    Document::parse(Source::new(bytes.to_vec()), Arc::clone(syntax)).rebuild()
}

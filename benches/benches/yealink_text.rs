//! A Yealink file of 200,000 lines read without loss and put together again, against a reader and writer in Python that
//! keeps as much: every line as a record of its parts.

use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;

use benches::clock::thread_cpu;
use benches::report::{Line, Target};
use benches::rounds::{in_turns, median};
use benches::{Result, Run, data, program};
use offhook_spec::Registry;
use offhook_syntax::{Document, Source};

const LINES: usize = 200_000;

/// Reads a file into records, looks at the effective settings, writes the records again; prints the CPU seconds of it.
const PYTHON: &str = r"import re, sys, time
from dataclasses import dataclass

@dataclass
class Line:
    indent: str
    key: str
    joint: str
    value: str
    tail: str

ASSIGNMENT = re.compile(r'(\s*)([^=#\s][^=]*?)(\s*=[ \t]*)(.*?)(\s*)', re.S)

def read(text):
    lines = []
    for line in text.splitlines(keepends=True):
        match = ASSIGNMENT.fullmatch(line)
        lines.append(Line(*match.groups()) if match else line)
    return lines

def write(lines):
    return ''.join(line if isinstance(line, str) else line.indent + line.key + line.joint + line.value + line.tail for line in lines)

start = time.process_time()
with open(sys.argv[1], encoding='utf-8', newline='') as file:
    lines = read(file.read())
with open(sys.argv[2], 'w', encoding='utf-8', newline='') as file:
    file.write(write(lines))
print(time.process_time() - start)";

fn main() -> Result<()> {
    benches::main("yealink_text", body)
}

fn body(run: Run) -> Result<()> {
    let scratch = data::in_memory()?;
    let (_, format) = Registry::embedded().format("yealink").ok_or("no such format")?;
    let syntax = format.syntax(&[])?;
    let text = data::yealink(run.pick(LINES, LINES / 10));
    let (file, copy) = (scratch.path().join("phone.cfg"), scratch.path().join("copy.cfg"));
    fs::write(&file, &text)?;
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut emit = || {
        out.clear();
        let document = Document::parse(Source::new(black_box(bytes).to_vec()), Arc::clone(&syntax));
        document.emit(&mut |piece| out.extend_from_slice(piece));
        black_box(&out);
    };
    emit();
    #[allow(clippy::cast_precision_loss)]
    let rate = |seconds: f64| bytes.len() as f64 / 1e6 / seconds;
    let mut ours = || Ok(rate(thread_cpu(&mut emit)));
    let rounds = run.pick(15, 3);
    let what = "a Yealink file of 200,000 lines, parse and re-emit";
    match program::python("re") {
        Some(python) => {
            let peer = || {
                let output = Command::new(&python).args(["-c", PYTHON]).arg(&file).arg(&copy).output()?;
                Ok(rate(String::from_utf8(output.stdout)?.trim().parse()?))
            };
            let (ours, theirs) = in_turns(rounds, &mut ours, peer)?;
            if fs::read(&copy)? != bytes {
                return Err("the peer does not give the file back".into());
            }
            Line::new(format!("{what}, to Python"), "MB/cpu-s", median(&ours, |r| *r), median(&theirs, |r| *r))
                .target(Target::AtLeast(30.0))
                .print();
        }
        None => println!("  skipped: there is no python3"),
    }
    let (ours, _) = in_turns(rounds, &mut ours, || Ok(()))?;
    Line::new(format!("{what}, to 400 MB/s"), "MB/cpu-s", median(&ours, |rate| *rate), 400.0)
        .target(Target::AtLeast(1.0))
        .print();
    Ok(())
}

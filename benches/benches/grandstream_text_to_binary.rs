//! P-value text to Grandstream's binary file, against `gs_oracle.py bench`: from text, and from ready pairs.

use std::hint::black_box;
use std::process::{Command, Stdio};

use benches::clock::{child, thread_cpu};
use benches::library::Conversion;
use benches::report::{Line, Target, skipped};
use benches::rounds::{in_turns, median};
use benches::{Error, Result, Run, data, program};
use offhook_spec::Registry;
use offhook_syntax::{Escape, GsBinary, Pad};

/// Files per CPU second.
struct Rates {
    detected: f64,
    named: f64,
    pairs: f64,
}

fn main() -> Result<()> {
    benches::main("grandstream_text_to_binary", body)
}

fn body(run: Run) -> Result<()> {
    let conversion = Conversion::to("grandstream-bin")?;
    check(&conversion)?;
    let script = program::peer("gs_oracle.py");
    let ours = || measure(&conversion, run.pick(3000, 100));
    let (ours, peer) = match &script {
        Ok(script) => in_turns(run.pick(7, 1), ours, || oracle(script, run.pick(100, 5)))?,
        Err(why) => {
            skipped("gs_oracle.py", why);
            (vec![ours()?], vec![(f64::NAN, f64::NAN)])
        }
    };
    let unit = "files/cpu-s";
    let (from_text, from_pairs) = (median(&peer, |peer| peer.0), median(&peer, |peer| peer.1));
    Line::new("text -> binary, format detected", unit, median(&ours, |ours| ours.detected), from_text)
        .target(Target::AtLeast(40.0))
        .print();
    Line::new("text -> binary, format named", unit, median(&ours, |ours| ours.named), from_text).print();
    Line::new("ready pairs -> binary", unit, median(&ours, |ours| ours.pairs), from_pairs)
        .target(Target::AtLeast(100.0))
        .print();
    command_line(run, from_text)
}

/// Both sides must make the same file.
fn check(conversion: &Conversion) -> Result<()> {
    let text = data::oracle_text();
    let file = conversion.convert(text.clone().into_bytes(), None, data::mac(0))?;
    let pairs = pairs(&text);
    let printed = print(&encoder(), &pairs, 0)?;
    if file == printed { Ok(()) } else { Err("text and pairs give different files".into()) }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |line: &str| line.split_once(" = ").map(|(key, value)| (key.to_owned(), value.to_owned()));
    text.lines().filter_map(pair).collect()
}

/// What a caller with pairs at hand does.
fn print(encoder: &GsBinary, pairs: &[(String, String)], number: u32) -> Result<Vec<u8>> {
    Ok(encoder.encode(pairs, data::mac(number))?.bytes)
}

fn encoder() -> GsBinary {
    GsBinary::new(Escape::Vendor, Pad::Two, "0b82")
}

#[allow(clippy::cast_precision_loss)]
fn measure(conversion: &Conversion, count: usize) -> Result<Rates> {
    let text = data::oracle_text();
    let pairs = pairs(&text);
    let (_, named) = Registry::embedded().format("grandstream-text").ok_or("no format grandstream-text")?;
    let rate = |work: &dyn Fn(u32) -> Result<Vec<u8>>| -> Result<f64> {
        let mut first: Option<Error> = None;
        let seconds = thread_cpu(|| {
            for number in (0u32..).take(count) {
                match work(number) {
                    Ok(bytes) => drop(black_box(bytes)),
                    Err(error) => first = first.take().or(Some(error)),
                }
            }
        });
        first.map_or(Ok(count as f64 / seconds), Err)
    };
    let encoder = encoder();
    let bytes = || black_box(text.as_bytes()).to_vec();
    Ok(Rates {
        detected: rate(&|number| conversion.convert(bytes(), None, data::mac(number)))?,
        named: rate(&|number| conversion.convert(bytes(), Some(named), data::mac(number)))?,
        pairs: rate(&|number| print(&encoder, black_box(&pairs), number))?,
    })
}

/// The two figures of `gs_oracle.py bench`.
fn oracle(script: &std::path::Path, count: usize) -> Result<(f64, f64)> {
    let out = Command::new("python3").arg(script).arg("bench").arg(count.to_string()).output()?;
    let text = String::from_utf8(out.stdout)?;
    let mut figures = text.split("-> file ").skip(1).filter_map(|rest| rest.split(' ').next()?.parse().ok());
    match (figures.next(), figures.next()) {
        (Some(from_text), Some(from_pairs)) => Ok((from_text, from_pairs)),
        _ => Err(format!("gs_oracle.py says {text:?}").into()),
    }
}

/// The whole command over a fleet: reading, writing and syncing count too.
#[allow(clippy::cast_precision_loss)]
fn command_line(run: Run, from_text: f64) -> Result<()> {
    let offhook = program::offhook()?;
    let scratch = data::in_memory()?;
    let count = run.pick(10_000, 200);
    let fleet = data::fleet(scratch.path(), "in", count, " = ")?;
    let mut spent = Vec::new();
    for round in 0..run.pick(3, 1) {
        let out = scratch.path().join(format!("out{round}"));
        let mut command = Command::new(&offhook);
        command.arg("convert").arg(&fleet).args(["--to", "grandstream-bin", "--out-dir"]).arg(&out);
        spent.push(child(command.stdout(Stdio::null()))?);
    }
    let rate = count as f64 / median(&spent, |spent| spent.cpu);
    Line::new("text -> binary, whole command with files", "files/cpu-s", rate, from_text).print();
    Ok(())
}

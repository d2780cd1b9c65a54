//! Reading a document and putting it together again, against a copy of the same bytes in memory; for XML also against
//! quick-xml's reader, which only tells events and keeps nothing.

use std::hint::black_box;
use std::sync::Arc;

use benches::clock::thread_cpu;
use benches::library::Conversion;
use benches::report::Line;
use benches::rounds::{in_turns, median};
use benches::{Result, Run, data, events};
use offhook_spec::Registry;
use offhook_syntax::{Document, Source, Syntax};

fn main() -> Result<()> {
    benches::main("parse_reemit", body)
}

fn body(run: Run) -> Result<()> {
    for (size, settings, times) in [("8 KB", data::SETTINGS, 500), ("4 MB", 200_000, 1)] {
        let text = data::text(settings, " = ", 7).into_bytes();
        let xml = Conversion::to("grandstream-xml")?.convert(text.clone(), None, data::mac(7))?;
        let work = Work { rounds: run.pick(21, 3), times };
        for (name, format, bytes) in [("text", "grandstream-text", &text), ("XML", "grandstream-xml", &xml)] {
            let (_, format) = Registry::embedded().format(format).ok_or("no such format")?;
            let syntax = format.syntax(&[])?;
            if reemit(bytes, &syntax) != *bytes {
                return Err(format!("{name} does not come back").into());
            }
            let ours = || drop(black_box(reemit(black_box(bytes), &syntax)));
            let mut room = vec![0; bytes.len()];
            let copy = || black_box(&mut room).copy_from_slice(black_box(bytes));
            work.compare(&format!("{name} of {size}, parse and rebuild, to memcpy"), bytes.len(), ours, copy)?;
            if name == "XML" {
                let events = || drop(black_box(events::count(black_box(bytes))));
                work.compare(&format!("{name} of {size}, parse and rebuild, to quick-xml"), bytes.len(), ours, events)?;
            }
        }
    }
    Ok(())
}

struct Work {
    rounds: usize,
    times: usize,
}

impl Work {
    #[allow(clippy::cast_precision_loss)]
    fn compare(&self, what: &str, len: usize, ours: impl Fn(), mut peer: impl FnMut()) -> Result<()> {
        let rate = |seconds: f64| (len * self.times) as f64 / 1e6 / seconds;
        let ours = || Ok(rate(thread_cpu(|| (0..self.times).for_each(|_| ours()))));
        let peer = || Ok(rate(thread_cpu(|| (0..self.times).for_each(|_| peer()))));
        let (ours, peer) = in_turns(self.rounds, ours, peer)?;
        Line::new(what, "MB/cpu-s", median(&ours, |rate| *rate), median(&peer, |rate| *rate)).print();
        Ok(())
    }
}

fn reemit(bytes: &[u8], syntax: &Arc<dyn Syntax>) -> Vec<u8> {
    Document::parse(Source::new(bytes.to_vec()), Arc::clone(syntax)).rebuild()
}

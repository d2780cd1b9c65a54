//! From process start to exit: one small file converted, against `/bin/true`.

use std::fs;
use std::process::{Command, Stdio};

use benches::clock::child;
use benches::report::limit;
use benches::rounds::{in_turns, median};
use benches::{Result, Run, data, program};

fn main() -> Result<()> {
    benches::main("startup", body)
}

fn body(run: Run) -> Result<()> {
    let offhook = program::offhook()?;
    let scratch = data::in_memory()?;
    let file = scratch.path().join(format!("cfg{}.txt", data::hex(data::mac(1))));
    fs::write(&file, data::text(20, " = ", 1))?;
    let ours = || {
        let mut command = Command::new(&offhook);
        child(command.arg("convert").arg(&file).args(["--to", "grandstream-bin"]).stdout(Stdio::null()))
    };
    let peer = || child(&mut Command::new("/bin/true"));
    let (ours, peer) = in_turns(run.pick(200, 10), ours, peer)?;
    let floor = median(&peer, |spent| spent.wall) * 1e3;
    println!("  {:<52} peer {floor:>9.2} ms", "/bin/true, wall");
    let figure = median(&ours, |spent| spent.wall) * 1e3;
    println!("{}", limit("convert one small file, wall (3 x true + 5 ms)", "ms", figure, 3.0 * floor + 5.0));
    println!("  {:<52} ours {:>9.2} ms", "the same, CPU", median(&ours, |spent| spent.cpu) * 1e3);
    Ok(())
}

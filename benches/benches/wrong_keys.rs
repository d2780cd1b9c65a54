//! A million wrong keys for each sealed file, the smallest included: none may open it. This is a count, not a time, and
//! the bench fails if one does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use benches::library::{Conversion, proves};
use benches::{Result, Run, data};
use offhook_gsheader::Mac;
use offhook_seal::{Derived, KeyBytes, Keys, SaltChoice, Seal, find};
use offhook_spec::Registry;
use rayon::prelude::*;

/// The device the files are for; the wrong MACs are the same maker's, below it.
const RIGHT: Mac = [0x00, 0x0b, 0x82, 0x12, 0x34, 0x56];

fn main() -> Result<()> {
    benches::main("wrong_keys", body)
}

fn body(run: Run) -> Result<()> {
    let small = b"P2=a\n".to_vec();
    let usual = data::text(data::SETTINGS, " = ", 1).into_bytes();
    let binary = Conversion::to("grandstream-bin")?;
    let xml = Conversion::to("grandstream-xml")?;
    let bodies = [
        ("openssl-aes256", "smallest text", small.clone()),
        ("openssl-aes256", "XML of one setting", xml.convert(small.clone(), None, RIGHT)?),
        ("openssl-aes256", "text of 400 settings", usual.clone()),
        ("yealink-aes", "smallest text", b"a.b=1\n".to_vec()),
        ("yealink-aes", "text of 800 lines", data::yealink(800).into_bytes()),
        ("gs-encrypted", "smallest binary", binary.convert(small, None, RIGHT)?),
        ("gs-encrypted", "binary of 400 settings", binary.convert(usual, None, RIGHT)?),
    ];
    let mut accepted = 0;
    for (name, what, plain) in bodies {
        let seal = find(name).ok_or("no such seal")?;
        let salts: &[SaltChoice] = if name == "openssl-aes256" {
            &[SaltChoice::Given([7; 8]), SaltChoice::None]
        } else {
            &[SaltChoice::Random]
        };
        for salt in salts {
            let what = format!("{name}{}, {what}", if *salt == SaltChoice::None { " without salt" } else { "" });
            accepted += attack(seal, *salt, &what, &plain, run.pick(1_000_000, 10_000))?;
        }
    }
    if accepted == 0 { Ok(()) } else { Err(format!("{accepted} wrong keys were accepted").into()) }
}

/// The number of wrong keys that open a file.
fn attack(seal: &'static dyn Seal, salt: SaltChoice, what: &str, plain: &[u8], count: usize) -> Result<usize> {
    let registry = Registry::embedded();
    let accept = |plain: &[u8]| proves(plain, registry);
    let right =
        Keys { passphrase: Some(KeyBytes::new(b"the-right-one-16".to_vec())), mac: Some(RIGHT), ..Keys::default() };
    let mut entropy = Derived::new(&right, seal.name(), "cfg", plain);
    let sealed = seal.seal(plain, &Keys { salt, ..right.clone() }, &mut entropy, None)?;
    // Nothing is proven by a file that no key opens.
    if seal.canon(plain) != seal.open(&sealed, &right, &accept)?.plain {
        return Err(format!("{what}: the right key gives something else").into());
    }
    let start = Instant::now();
    let accepted = AtomicUsize::new(0);
    let wrong = |number: u32| {
        let passphrase = KeyBytes::new(format!("{number:016}").into_bytes());
        let [_, a, b, c] = number.to_be_bytes();
        let keys = Keys { passphrase: Some(passphrase), mac: Some([0x00, 0x0b, 0x82, a, b, c]), ..Keys::default() };
        if seal.open(&sealed, &keys, &accept).is_ok() {
            accepted.fetch_add(1, Ordering::Relaxed);
        }
    };
    (0..u32::try_from(count)?).into_par_iter().for_each(wrong);
    let (accepted, seconds) = (accepted.into_inner(), start.elapsed().as_secs_f64());
    let verdict = if accepted == 0 { "holds" } else { "misses" };
    println!("  {what:<52} {count} wrong keys  accepted {accepted}  target 0  {verdict}  ({seconds:.1} s)");
    Ok(accepted)
}

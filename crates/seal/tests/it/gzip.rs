//! `gzip`: all that RFC 1952 allows in a file, damage with its own words, and files that unpack to far more than they are.

use std::io::Write;

use flate2::{Compression, GzBuilder};
use offhook_seal::{Keys, Limit, SealError, Sniff};

use crate::{NoEntropy, anything, gzip_seal};

const PLAIN: &[u8] = b"<flat-profile><Proxy_1_>sip.example.com</Proxy_1_></flat-profile>\n";

fn pack(builder: GzBuilder, plain: &[u8]) -> Vec<u8> {
    let mut file = builder.write(Vec::new(), Compression::fast());
    file.write_all(plain).unwrap();
    file.finish().unwrap()
}

fn open(file: &[u8]) -> Result<Vec<u8>, SealError> {
    gzip_seal().open(file, &Keys::default(), &anything).map(|opened| opened.plain)
}

fn seal(plain: &[u8]) -> Vec<u8> {
    gzip_seal().seal(plain, &Keys::default(), &mut NoEntropy, None).unwrap()
}

fn damage(file: &[u8]) -> &'static str {
    match open(file) {
        Err(SealError::Damaged { what, .. }) => what,
        other => panic!("{other:?}"),
    }
}

/// Opens, and closes to the same bytes.
fn both_ways(file: &[u8], plain: &[u8], what: &str) {
    assert_eq!(gzip_seal().sniff(file), Sniff::Yes, "{what}");
    let opened = gzip_seal().open(file, &Keys::default(), &|_| false).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(opened.plain, plain, "{what}");
    let again = gzip_seal().seal(plain, &Keys::default(), &mut NoEntropy, Some(&opened.residue())).unwrap();
    assert_eq!(again, file, "{what}");
    let changed = [plain, b"<!-- changed -->"].concat();
    let anew = gzip_seal().seal(&changed, &Keys::default(), &mut NoEntropy, Some(&opened.residue())).unwrap();
    assert_eq!(anew, seal(&changed), "{what}: nothing of the old file is in a changed one");
}

#[test]
fn header_fields_members_and_trailing_bytes() {
    let named = || GzBuilder::new().filename("spa.xml").mtime(1_700_000_000);
    both_ways(&pack(named(), PLAIN), PLAIN, "name and time");
    both_ways(&pack(named().comment("for the lobby").extra(&b"ab\x02\0xy"[..]), PLAIN), PLAIN, "every field");
    let two = [pack(named(), PLAIN), pack(GzBuilder::new(), b"and more"), pack(GzBuilder::new(), b"")].concat();
    both_ways(&two, &[PLAIN, b"and more"].concat(), "three members");
    for tail in [&[0; 512][..], b"tail", b"\x1f", b"\x1f\x8b"] {
        both_ways(&[&pack(named(), PLAIN)[..], tail].concat(), PLAIN, "bytes behind the last member");
    }
}

#[test]
fn header_with_a_checksum() {
    let packed = seal(PLAIN);
    let mut file = packed[..10].to_vec();
    file[3] = 2;
    let mut crc = flate2::Crc::new();
    crc.update(&file);
    file.extend(&crc.sum().to_le_bytes()[..2]);
    file.extend(&packed[10..]);
    both_ways(&file, PLAIN, "checksum of the header");
    file[4] ^= 1;
    assert_eq!(damage(&file), "the header has another checksum than the file says");
}

#[test]
fn new_file_tells_nothing_but_the_content() {
    let file = seal(PLAIN);
    assert_eq!(file[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
    assert_eq!(file, seal(PLAIN));
}

#[test]
fn damage_is_named() {
    let file = seal(PLAIN);
    let changed = |at: usize| {
        let mut file = file.clone();
        file[at] ^= 1;
        file
    };
    assert_eq!(damage(&changed(file.len() - 8)), "the content has another checksum than the file says");
    assert_eq!(damage(&changed(file.len() - 1)), "the content has another length than the file says");
    assert_eq!(open(&changed(0)), Err(SealError::NotSealed { seal: "gzip" }));
    assert_eq!(open(&changed(2)), Err(SealError::NotSealed { seal: "gzip" }));
    let mut block = file.clone();
    block[10] |= 0b110; // a type of block that there is none of
    assert_eq!(damage(&block), "the packed part is out of shape");
    let mut second = [&file[..], &file].concat();
    second[file.len() + 3] = 0x80;
    assert_eq!(damage(&second), "the header has flags that are not defined");
}

#[test]
fn cut_at_every_byte() {
    let file = pack(GzBuilder::new().filename("spa.xml").extra(vec![1; 9]).comment("x"), PLAIN);
    let header = 10 + 11 + 8 + 2;
    for end in 0..file.len() {
        let what = match end {
            0..4 => {
                assert_eq!(open(&file[..end]), Err(SealError::NotSealed { seal: "gzip" }));
                continue;
            }
            _ if end < header => "it ends within the header",
            _ if end < file.len() - 8 => "it ends within the packed part",
            _ => "it ends within the checksum",
        };
        assert_eq!(damage(&file[..end]), what, "{end} bytes");
    }
}

#[test]
fn every_bit_flipped_is_noticed_or_of_no_consequence() {
    let file = seal(PLAIN);
    for bit in 0..8 * file.len() {
        let mut flipped = file.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(plain) = open(&flipped) {
            assert_eq!(plain, PLAIN, "bit {bit}");
            let idle = matches!(bit / 8, 4..10) || bit == 8 * 3 || bit / 8 == file.len() - 9;
            assert!(
                idle,
                "bit {bit}: no time or origin, no mark that nobody heeds, no filling of the last packed byte"
            );
        }
    }
}

#[test]
fn bombs_are_stopped() {
    let zeros = |len: u64| {
        let mut file = GzBuilder::new().write(Vec::new(), Compression::fast());
        std::io::copy(&mut std::io::Read::take(std::io::repeat(0), len), &mut file).unwrap();
        file.finish().unwrap()
    };
    // A hundred times the file, and no less than 8 MiB.
    let mib = 1 << 20;
    assert_eq!(open(&zeros(8 * mib)).unwrap().len(), 8 << 20);
    assert_eq!(open(&zeros(8 * mib + 1)), Err(SealError::TooLarge { seal: "gzip", most: 8 << 20 }));
    // Over all members, not for each.
    let bomb = zeros(mib).repeat(50);
    assert_eq!(open(&bomb), Err(SealError::TooLarge { seal: "gzip", most: 100 * bomb.len() }));
    assert_eq!(open(&zeros(mib).repeat(1024)), Err(SealError::TooLarge { seal: "gzip", most: 64 << 20 }));
    let error = open(&bomb).unwrap_err();
    assert!(format!("{error:#}").contains("\nhelp: "));
    // It did unpack: the key of the envelope around it was right.
    assert!(gzip_seal().proves(&bomb));
}

#[test]
fn limit_is_the_callers() {
    let keys = |limit| Keys { limit: Limit(limit), ..Keys::default() };
    let file = seal(PLAIN);
    let open = |limit| gzip_seal().open(&file, &keys(limit), &anything).map(|opened| opened.plain);
    assert_eq!(open(PLAIN.len()).unwrap(), PLAIN);
    assert_eq!(open(PLAIN.len() - 1), Err(SealError::TooLarge { seal: "gzip", most: PLAIN.len() - 1 }));
    // What could not be opened again is not written.
    let error = gzip_seal().seal(PLAIN, &keys(PLAIN.len() - 1), &mut NoEntropy, None).unwrap_err();
    assert!(matches!(error, SealError::Unfit { .. }), "{error}");
    let zeros = vec![0; (8 << 20) + 1];
    assert!(gzip_seal().seal(&zeros, &Keys::default(), &mut NoEntropy, None).is_err());
    assert!(gzip_seal().seal(&zeros[1..], &Keys::default(), &mut NoEntropy, None).is_ok());
}

#[test]
fn residue_of_another_file_counts_for_nothing() {
    let opened = gzip_seal().open(&pack(GzBuilder::new(), b"other"), &Keys::default(), &anything).unwrap();
    let json = serde_json::to_string(&opened.residue()).unwrap();
    for json in [json.clone(), json.replace("1f8b", "1f8"), json.replace("\"gzip\"", "\"gs-encrypted\"")] {
        let residue = serde_json::from_str(&json).unwrap();
        let sealed = gzip_seal().seal(PLAIN, &Keys::default(), &mut NoEntropy, Some(&residue)).unwrap();
        assert_eq!(sealed, seal(PLAIN), "{json}");
    }
}

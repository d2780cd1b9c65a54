//! The pages of `docs/cli`, the README and the page on new vendors are run: what a page shows is what the binary prints. A
//! page runs in a folder of its own with the files of `corpus/grandstream/tour`, those of `corpus/polycom/tour` in
//! `polycom` and those of `corpus/cisco-spa/tour` in `cisco-spa`, a passphrase and a damaged file; the page on new
//! vendors with its example. That one names whatever a table may say, too.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use offhook_spec::{Registry, Vendor, lenses};
use offhook_syntax::{Case, Duplicates, Family, KeyRules, Params, families};

const BINARY: &str = env!("CARGO_BIN_EXE_offhook");

#[test]
fn docs_show_what_the_command_line_prints() {
    let stage = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs");
    let _ = fs::remove_dir_all(&stage);
    let mut pages = vec![root().join("README.md"), vendor_page()];
    for entry in fs::read_dir(root().join("docs/cli")).unwrap() {
        pages.push(entry.unwrap().path());
    }
    let mut staged = Vec::new();
    for page in pages.into_iter().filter(|page| page.extension().is_some_and(|ext| ext == "md")) {
        let name = if page.parent() == Some(&root()) { "front".into() } else { page.file_stem().unwrap().to_owned() };
        let copy = stage.join(name).with_extension("md");
        let is_vendor_page = page == vendor_page();
        (if is_vendor_page { lay_out_vendor } else { lay_out })(&copy.with_extension("in"));
        // Its presence makes the page run in a copy of the other folder.
        fs::create_dir_all(copy.with_extension("out")).unwrap();
        let text = fs::read_to_string(&page).unwrap();
        fs::write(&copy, if is_vendor_page { with_files(&text).0 } else { text }).unwrap();
        staged.push((page, copy));
    }
    assert!(staged.len() >= 14, "pages are missing");
    let run = std::panic::catch_unwind(|| {
        let cases = trycmd::TestCases::new();
        cases.register_bin("offhook", trycmd::schema::Bin::Path(BINARY.into()));
        cases.env("COLUMNS", "100").env("NO_COLOR", "1");
        cases.case(stage.join("*.md"));
        cases.run();
    });
    if renews() {
        for (page, copy) in staged {
            if fs::read(&page).unwrap() != fs::read(&copy).unwrap() {
                fs::copy(copy, page).unwrap();
            }
        }
    } else {
        let help = "help: `TRYCMD=overwrite cargo test -p offhook-cli --test docs` renews the pages";
        assert!(run.is_ok(), "pages of docs or the README are stale\n{help}");
    }
}

#[test]
fn docs_have_a_page_for_each_verb() {
    let help = std::process::Command::new(BINARY).arg("-h").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let front = fs::read_to_string(root().join("docs/cli/README.md")).unwrap();
    let mut verbs = 0;
    for verb in commands.lines().filter_map(|line| line.split_whitespace().next()).filter(|verb| *verb != "help") {
        let page = fs::read_to_string(root().join(format!("docs/cli/{verb}.md"))).unwrap_or_default();
        assert!(page.contains(&format!("$ offhook {verb} -h\n")), "docs/cli/{verb}.md lacks the help of {verb}");
        assert!(front.contains(&format!("({verb}.md)")), "docs/cli/README.md does not name {verb}");
        verbs += 1;
    }
    assert!(verbs >= 12, "{verbs} verbs in the help");
}

#[test]
fn docs_of_the_front_page_name_a_command_that_works() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let command = readme.lines().find_map(|line| line.strip_prefix("cargo run --release -q -p offhook-cli -- "));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("front");
    let _ = fs::remove_dir_all(&out);
    let words = command.expect("the README has the command").split_whitespace();
    let words = words.map(|word| if word == "target/tour" { out.clone() } else { word.into() });
    let run = std::process::Command::new(BINARY).args(words).current_dir(root()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let names = fs::read_dir(out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut written: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    written.sort();
    assert_eq!(written, ["cfg000b82123456", "cfg000b82123457", "cfg000b82123458"]);
}

#[test]
fn docs_of_the_vendor_page_show_the_files_of_its_example() {
    if renews() {
        return;
    }
    let page = fs::read_to_string(vendor_page()).unwrap();
    let (renewed, shown) = with_files(&page);
    let help = "help: `TRYCMD=overwrite cargo test -p offhook-cli --test docs` renews the page";
    assert!(renewed == page, "docs/adding-a-vendor.md shows other files than there are\n{help}");
    assert_eq!(shown, below(&example()), "files of docs/adding-a-vendor that the page shows");
}

#[test]
fn docs_of_the_vendor_page_have_an_example_without_faults() {
    let folder = example().join("specs/acme");
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let tables = ["settings.tsv", "models.tsv", "renames.tsv"].map(|name| text(name).into());
    let vendor = Vendor::parse("vendor.toml", &text("vendor.toml"), tables).unwrap();
    assert_eq!(vendor.table().unwrap().check(), []);
    assert!(!vendor.renames().unwrap().is_empty());
    for format in &vendor.formats {
        assert!(Registry::embedded().formats().all(|(_, own)| own.priority < 100 && format.priority >= 100));
        let family = families().iter().find(|family| family.name == format.family()).unwrap();
        let table = text("vendor.toml");
        let table = table.split(&format!("\nname = \"{}\"\n", format.name)).last().unwrap();
        let params = table.split("[format.params]\n").nth(1).unwrap().split("\n[").next().unwrap();
        let names = params.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
        let unknown: Vec<_> = names.filter(|name| !parameters(family).contains(*name)).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", format.name);
    }
}

#[test]
fn docs_of_the_vendor_page_name_whatever_a_table_may_say() {
    let page = fs::read_to_string(vendor_page()).unwrap();
    let tables = tables_of(&page);
    let has = |heading: &str, names: BTreeSet<String>| {
        assert_eq!(tables.get(heading), Some(&names), "the table of {heading} in docs/adding-a-vendor.md");
    };
    for family in families() {
        let names = parameters(family);
        if names.is_empty() {
            assert!(page.contains(&format!("### `{}`\n\nIt has no parameters.", family.name)), "{}", family.name);
        } else {
            has(&format!("`{}`", family.name), names);
        }
    }
    has("vendor.toml", fields(""));
    for heading in
        ["[keys]", "[[format]]", "[twins]", "[[gate]]", "[set]", "[set.exclusive]", "[[set.variable]]", "[[set.layer]]"]
    {
        has(&format!("`{heading}`"), fields(heading));
    }
    for field in ["[keys]\ncase", "[keys]\nduplicates", "[[format]]\nspelling", "[[set.variable]]\nmeans"] {
        let words = expected(&format!("{field} = \"zzz\"\n"));
        assert!(words.len() > 1 && words.iter().all(|word| page.contains(&format!("`{word}`"))), "{field}: {words:?}");
    }
    has("Lenses", lenses().iter().map(|lens| lens.name.to_owned()).collect());
    for name in ["settings.tsv", "models.tsv", "renames.tsv"] {
        let table = fs::read_to_string(example().join("specs/acme").join(name)).unwrap();
        has(&format!("`{name}`"), table.lines().next().unwrap().split('\t').map(str::to_owned).collect());
    }
}

#[test]
fn docs_of_the_vendor_page_say_of_vendors_what_their_tables_hold() {
    let page = fs::read_to_string(vendor_page()).unwrap();
    let told = page.split("| vendor | needed | of |\n").nth(1).unwrap();
    let mut rows = 0;
    for row in told.lines().skip(1).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [vendor, needed, family] = cells[..] else { panic!("{row}") };
        let name = vendor.split(',').next().unwrap().to_lowercase();
        let table = fs::read_to_string(root().join(format!("vendor-specs/{name}/vendor.toml"))).unwrap();
        assert!(table.contains(&format!("family = \"{}\"", family.split('`').nth(1).unwrap())), "{row}");
        for word in needed.split('`').skip(1).step_by(2).filter(|word| *word != "*") {
            assert!(table.lines().any(|line| line.starts_with(&format!("{word} = "))), "{row}: {word}");
        }
        rows += 1;
    }
    assert!(rows >= 4, "{rows} rows");
}

/// The files that a page may name.
fn lay_out(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let corpus = root().join("corpus");
    for (tour, name) in
        [("grandstream", ""), ("polycom", "polycom"), ("cisco-spa", "cisco-spa"), ("yealink", "yealink")]
    {
        let (tour, folder) = (format!("{tour}/tour"), folder.join(name));
        fs::create_dir_all(&folder).unwrap();
        for entry in fs::read_dir(corpus.join(tour)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    fs::copy(corpus.join("malformed/grandstream/bad-checksum.bin"), folder.join("damaged.bin")).unwrap();
    fs::write(folder.join("passphrase"), "correct horse\n").unwrap();
    fs::write(folder.join("typo"), "correct hose\n").unwrap();
}

/// The files of the page on new vendors: its example, and the same with a row cut short.
fn lay_out_vendor(folder: &Path) {
    for name in below(&example()) {
        let content = fs::read_to_string(example().join(&name)).unwrap();
        let put = |path: PathBuf, content: &str| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        };
        put(folder.join(&name), &content);
        if let Some(rest) = name.strip_prefix("specs/") {
            let cut = content.replace("\tRing volume\tsamples", "\tRing volume");
            put(folder.join("broken").join(rest), &cut);
        }
    }
}

fn vendor_page() -> PathBuf {
    root().join("docs/adding-a-vendor.md")
}

fn example() -> PathBuf {
    root().join("docs/adding-a-vendor")
}

/// Names of all files below a folder.
fn below(folder: &Path) -> BTreeSet<String> {
    let files =
        walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    files.map(|entry| entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned()).collect()
}

/// The page with each block that names a file holding that file, and the names.
fn with_files(page: &str) -> (String, BTreeSet<String>) {
    let (mut out, mut shown, mut lines) = (String::new(), BTreeSet::new(), page.split_inclusive('\n'));
    while let Some(line) = lines.next() {
        out.push_str(line);
        let Some((_, name)) = line.strip_prefix("```").and_then(|info| info.trim_end().split_once(' ')) else {
            continue;
        };
        out.push_str(&fs::read_to_string(example().join(name)).unwrap_or_else(|error| panic!("{name}: {error}")));
        out.extend(lines.by_ref().skip_while(|line| *line != "```\n").take(1));
        shown.insert(name.to_owned());
    }
    (out, shown)
}

/// The first column of the first table below each heading.
fn tables_of(page: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut tables = BTreeMap::new();
    for part in page.split("\n##").skip(1) {
        let heading = part.lines().next().unwrap().trim_start_matches('#').trim().to_owned();
        let rows = part.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
        let name = |row: &str| row.split('`').nth(1).unwrap().to_owned();
        tables.insert(heading, rows.take_while(|line| line.starts_with('|')).map(name).collect());
    }
    tables
}

/// The parameters that a family asks for.
fn parameters(family: &Family) -> BTreeSet<String> {
    let keys = KeyRules { case: Case::Exact, duplicates: Duplicates::LastWins, shape: String::new(), maps: Vec::new() };
    let asked = Asked::default();
    // One that it cannot do without is given and the family asked again.
    while let Err(error) = (family.build)(&asked, &keys) {
        assert!(asked.given.borrow_mut().insert(error.name), "{}: {error}", family.name);
    }
    asked.names.into_inner()
}

/// Writes down what is asked for.
#[derive(Default)]
struct Asked {
    names: RefCell<BTreeSet<String>>,
    given: RefCell<BTreeSet<&'static str>>,
}

impl Params for Asked {
    fn text(&self, name: &str) -> Option<&str> {
        self.names.borrow_mut().insert(name.to_owned());
        self.given.borrow().contains(name).then_some("x")
    }

    fn texts(&self, name: &str) -> Vec<String> {
        self.names.borrow_mut().insert(name.to_owned());
        Vec::new()
    }

    fn flag(&self, name: &str) -> bool {
        self.names.borrow_mut().insert(name.to_owned());
        false
    }
}

/// The names that a table of `vendor.toml` may have, as the error about another one lists them.
fn fields(heading: &str) -> BTreeSet<String> {
    expected(&format!("{heading}\nzzz = 1\n"))
}

fn expected(table: &str) -> BTreeSet<String> {
    let error = Vendor::parse("vendor.toml", table, ["", "", ""].map(Into::into)).unwrap_err().message;
    let (_, names) = error.rsplit_once("expected").unwrap_or_else(|| panic!("{table}: {error}"));
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn renews() -> bool {
    std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

//! The list of slots that exist, read from `vendor-specs/model.tsv`.
//!
//! It says what a slot is called, holds and means; it holds no values and knows no vendor. The embedded table is
//! parsed once and lives as long as the program, which lets a slot be a copy of a few bytes.

use std::fmt;
use std::sync::OnceLock;

use crate::{FieldFlags, Leaf, Type, Unit};

/// The schema built into the program.
#[must_use]
pub fn schema() -> &'static Schema {
    static EMBEDDED: OnceLock<Schema> = OnceLock::new();
    // A broken table is caught by the test below, never by a user.
    EMBEDDED.get_or_init(|| Schema::parse(include_str!("../../../vendor-specs/model.tsv")).unwrap_or_default())
}

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Path with empty brackets for indices: `lines[].auth.password`.
    pub path: &'static str,
    /// What it holds.
    pub kind: Type,
    /// Unit of a duration.
    pub unit: Option<Unit>,
    /// Secret, critical.
    pub flags: FieldFlags,
    /// A few words for people; may be empty.
    pub doc: &'static str,
    /// How many indices the path has: 0 to 2.
    pub indices: usize,
}

/// All slots, sorted by path.
#[derive(Debug, Default)]
pub struct Schema {
    fields: Vec<Field>,
}

const HEADER: &str = "path\ttype\tunit\tflags\tdoc";

impl Schema {
    /// Reads the table.
    ///
    /// # Errors
    /// Every fault found, with its line: wrong header or cell count, malformed or repeated paths, unknown types,
    /// units and flags, a unit on anything but a duration, and paths that are a prefix of another.
    pub fn parse(text: &'static str) -> Result<Self, Vec<SchemaError>> {
        let mut errors = Vec::new();
        let mut rows: Vec<(u32, Field)> = Vec::new();
        let mut lines = (1..).zip(text.lines());
        if lines.next().map(|(_, header)| header) != Some(HEADER) {
            errors.push(SchemaError { line: 1, what: format!("the header is not `{}`", HEADER.replace('\t', " ")) });
        }
        for (line, row) in lines {
            match parse_row(row) {
                Ok(field) => rows.push((line, field)),
                Err(what) => errors.push(SchemaError { line, what }),
            }
        }
        rows.sort_by_key(|(_, field)| field.path);
        for pair in rows.windows(2) {
            if let [(_, a), (line, b)] = pair
                && a.path == b.path
            {
                errors.push(SchemaError { line: *line, what: format!("`{}` stands twice", b.path) });
            }
        }
        let lines: Vec<u32> = rows.iter().map(|(line, _)| *line).collect();
        let schema = Self { fields: rows.into_iter().map(|(_, field)| field).collect() };
        for (field, line) in schema.fields.iter().zip(lines) {
            // A leaf with children could be neither a JSON value nor an object.
            let ends = field.path.match_indices(['.', '[']).map(|(at, _)| at);
            for parent in ends.filter_map(|end| field.path.get(..end)).filter(|p| schema.find(p).is_some()) {
                errors.push(SchemaError { line, what: format!("`{parent}` is a prefix of `{}`", field.path) });
            }
        }
        errors.sort_by_key(|error| error.line);
        if errors.is_empty() { Ok(schema) } else { Err(errors) }
    }

    /// All rows, sorted by path.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The leaf of a path with empty brackets.
    #[must_use]
    pub fn leaf(&'static self, path: &str) -> Option<Leaf> {
        self.find(path).map(Leaf::new)
    }

    fn find(&self, path: &str) -> Option<&Field> {
        self.fields.binary_search_by(|field| field.path.cmp(path)).ok().and_then(|at| self.fields.get(at))
    }
}

fn parse_row(row: &'static str) -> Result<Field, String> {
    let mut cells = row.split('\t');
    let (Some(path), Some(kind), Some(unit), Some(flags), Some(doc), None) =
        (cells.next(), cells.next(), cells.next(), cells.next(), cells.next(), cells.next())
    else {
        return Err(format!("{} cells where 5 belong", row.split('\t').count()));
    };
    let indices = path.matches("[]").count();
    if !path.split('.').all(is_segment) {
        return Err(format!("`{path}` is not a path like `lines[].auth.user`"));
    }
    if indices > 2 {
        return Err(format!("`{path}` has {indices} indices, at most 2 are possible"));
    }
    let kind = Type::from_word(kind).ok_or_else(|| format!("unknown type `{kind}`"))?;
    let unit = match unit {
        "" => None,
        word => Some(Unit::from_word(word).ok_or_else(|| format!("unknown unit `{word}`"))?),
    };
    if unit.is_some() != (kind == Type::Duration) {
        return Err("a duration has a unit, and nothing else has one".to_owned());
    }
    let flags = FieldFlags::parse(flags).map_err(|word| format!("unknown flag `{word}`"))?;
    Ok(Field { path, kind, unit, flags, doc, indices })
}

fn is_segment(segment: &str) -> bool {
    let name = segment.trim_end_matches("[]");
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// A fault in the table of slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// Line in the file, from 1.
    pub line: u32,
    what: String,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "model.tsv line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for SchemaError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_is_sound() {
        let text = include_str!("../../../vendor-specs/model.tsv");
        let parsed = Schema::parse(text).unwrap();
        assert_eq!(parsed.fields().len(), text.lines().count() - 1);
        assert_eq!(schema().fields(), parsed.fields());
    }

    #[test]
    fn a_row_keeps_all_its_cells() {
        let field = schema().leaf("lines[].auth.password").unwrap().field();
        assert_eq!((field.kind, field.unit, field.indices), (Type::Text, None, 1));
        assert_eq!(field.flags, FieldFlags { critical: true, secret: true });
        assert_eq!(field.doc, "SIP password");
        assert_eq!(schema().leaf("fxs[].flash_min").unwrap().field().unit, Some(Unit::Ms));
    }

    #[test]
    fn faults_are_collected_with_their_lines() {
        let text = "path\ttype\tunit\tflags\tdoc\na\ttext\t\t\t\na.b\tnoun\t\t\t\na[].b\ttext\t\t\t\nc\tint\ts\t\t\nd\ttext\t\tshy\t\nE\ttext\t\t\t\nf\nz\tint\t\t\t\nz\tint\t\t\t\nx[].y[].z[]\tint\t\t\t";
        let found: Vec<String> = Schema::parse(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "model.tsv line 3: unknown type `noun`",
                "model.tsv line 4: `a` is a prefix of `a[].b`",
                "model.tsv line 5: a duration has a unit, and nothing else has one",
                "model.tsv line 6: unknown flag `shy`",
                "model.tsv line 7: `E` is not a path like `lines[].auth.user`",
                "model.tsv line 8: 1 cells where 5 belong",
                "model.tsv line 10: `z` stands twice",
                "model.tsv line 11: `x[].y[].z[]` has 3 indices, at most 2 are possible",
            ]
        );
    }

    #[test]
    fn a_wrong_header_is_told() {
        assert_eq!(Schema::parse("path\ttype\n").unwrap_err().len(), 1);
    }
}

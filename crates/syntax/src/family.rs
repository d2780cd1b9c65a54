//! The syntax families by name. A vendor's table names a family and gives its parameters; a new family is a file
//! beside this one and a line in [`families`].

use std::fmt;
use std::sync::Arc;

use crate::gs_binary::{Escape, GsBinary, Pad};
use crate::lines::{Lines, Rules};
use crate::sections::{SectionRules, Sections};
use crate::spc::{Spc, SpcRules};
use crate::xml::{AttrRules, ElemRules, XmlAttr, XmlElem};
use crate::{Case, Duplicates, Flags, Syntax};

/// Where a family's parameters come from.
pub trait Params {
    /// A text, if it is given.
    fn text(&self, name: &str) -> Option<&str>;
    /// A list of texts; empty if it is not given.
    fn texts(&self, name: &str) -> Vec<String>;
    /// A switch; off if it is not given.
    fn flag(&self, name: &str) -> bool;
}

/// What all formats of a vendor share about keys.
#[derive(Clone, Debug)]
pub struct KeyRules {
    /// How keys compare.
    pub case: Case,
    /// Which of several entries with one key counts.
    pub duplicates: Duplicates,
    /// What a key looks like, see [`has_shape`](crate::has_shape); empty for anything.
    pub shape: String,
    /// Keys whose values begin with the name of one of several entries: `user.password = admin:secret` is the entry
    /// `user.password[admin]`.
    pub maps: Vec<String>,
}

/// Makes a syntax from parameters.
pub type Build = fn(&dyn Params, &KeyRules) -> Result<Arc<dyn Syntax>, ParamError>;

/// A family's name and how to make a syntax of it.
pub struct Family {
    /// The name in a vendor's table.
    pub name: &'static str,
    /// Makes the syntax from parameters.
    pub build: Build,
}

/// All families.
#[must_use]
pub const fn families() -> &'static [Family] {
    &[
        Family { name: "gs-binary", build: gs_binary },
        Family { name: "lines", build: lines },
        Family { name: "sections", build: sections },
        Family { name: "spc", build: spc },
        Family { name: "xml-attr", build: xml_attr },
        Family { name: "xml-elem", build: xml_elem },
    ]
}

/// A parameter that a family needs or cannot read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamError {
    /// The parameter's name.
    pub name: &'static str,
    /// What it takes.
    pub takes: &'static str,
}

impl fmt::Display for ParamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parameter `{}` takes {}", self.name, self.takes)
    }
}

impl std::error::Error for ParamError {}

fn lines(params: &dyn Params, keys: &KeyRules) -> Result<Arc<dyn Syntax>, ParamError> {
    let byte = |name: &'static str, text: Option<&str>| match text.map(str::as_bytes) {
        Some([byte]) => Ok(*byte),
        _ => Err(ParamError { name, takes: "one character" }),
    };
    let word = |name: &str| params.text(name).unwrap_or_default().to_owned();
    let empty = |text: String| {
        let takes = "values, each with a word: \"%NULL%=null\"";
        let (value, word) = text.rsplit_once('=').ok_or(ParamError { name: "empties", takes })?;
        Ok((value.to_owned(), word.to_owned()))
    };
    Ok(Arc::new(Lines::new(Rules {
        separator: byte("separator", params.text("separator"))?,
        comments: params.texts("comments"),
        key_shape: keys.shape.clone(),
        dotted: params.flag("dotted"),
        case: keys.case,
        duplicates: keys.duplicates,
        joint: params.text("joint").unwrap_or("=").to_owned(),
        header: word("header"),
        magic: word("magic"),
        quotes: params.flag("quotes"),
        inline_comments: params.flag("inline_comments"),
        prefixes: Flags::parse(&params.texts("prefixes"))?,
        suffixes: Flags::parse(&params.texts("suffixes"))?,
        empties: params.texts("empties").into_iter().map(empty).collect::<Result<_, _>>()?,
        maps: keys.maps.clone(),
        map_mark: byte("map_mark", params.text("map_mark").or(Some(":")))?,
        directives: params.texts("directives"),
        needs: params.texts("needs"),
        export: word("export"),
        kept_back: word("kept_back"),
    })))
}

fn sections(params: &dyn Params, keys: &KeyRules) -> Result<Arc<dyn Syntax>, ParamError> {
    let word = |name: &str| params.text(name).unwrap_or_default().to_owned();
    let bracket = |name: &'static str| {
        let text = params.text(name).filter(|text| !text.trim().is_empty());
        text.map(str::to_owned).ok_or(ParamError { name, takes: "the bracket of a header" })
    };
    let byte = |name: &'static str| match params.text(name).map(str::as_bytes) {
        None | Some([]) => Ok(None),
        Some([byte]) => Ok(Some(*byte)),
        Some(_) => Err(ParamError { name, takes: "one character" }),
    };
    let number = |name: &'static str| {
        let number = params.text(name).unwrap_or("0").parse().ok().filter(|number| *number < 1000);
        number.ok_or(ParamError { name, takes: "a number below 1000" })
    };
    Ok(Arc::new(Sections::new(SectionRules {
        open: bracket("open")?,
        close: bracket("close")?,
        separator: byte("separator")?.ok_or(ParamError { name: "separator", takes: "one character" })?,
        joint: params.text("joint").or(params.text("separator")).unwrap_or_default().to_owned(),
        comments: params.texts("comments"),
        path: word("path"),
        options: byte("options")?,
        addressed: params.texts("addressed"),
        schemes: params.texts("schemes"),
        suffix: word("suffix"),
        list: word("list"),
        first: word("first"),
        version: word("version"),
        width: number("width")?,
        last: word("last"),
        column: number("column")?,
        case: keys.case,
        duplicates: keys.duplicates,
    })))
}

fn spc(_params: &dyn Params, keys: &KeyRules) -> Result<Arc<dyn Syntax>, ParamError> {
    Ok(Arc::new(Spc::new(SpcRules { case: keys.case, duplicates: keys.duplicates })))
}

fn xml_attr(params: &dyn Params, keys: &KeyRules) -> Result<Arc<dyn Syntax>, ParamError> {
    let root = params.text("root").ok_or(ParamError { name: "root", takes: "the name of an element" })?;
    Ok(Arc::new(XmlAttr::new(AttrRules {
        root: root.to_owned(),
        element: params.text("element").unwrap_or_default().to_owned(),
        roots: params.texts("roots"),
        elements: params.texts("elements"),
        dotted: params.flag("dotted"),
        numbered: params.texts("numbered"),
        homes: homes(params)?,
        several_roots: params.flag("several_roots"),
        case: keys.case,
        duplicates: keys.duplicates,
    })))
}

fn xml_elem(params: &dyn Params, keys: &KeyRules) -> Result<Arc<dyn Syntax>, ParamError> {
    let need = |name: &'static str| {
        params.text(name).map(str::to_owned).ok_or(ParamError { name, takes: "the name of an element" })
    };
    let flat = params.flag("flat");
    let word = |name: &str| params.text(name).unwrap_or_default().to_owned();
    let mut access_marks = params.texts("access_marks");
    if access_marks.is_empty() {
        access_marks = ["na=na", "ro=ro", "rw=rw"].map(str::to_owned).to_vec();
    }
    Ok(Arc::new(XmlElem::new(ElemRules {
        root: if flat { word("root") } else { need("root")? },
        container: need("container")?,
        containers: params.texts("containers"),
        homes: homes(params)?,
        version: word("version"),
        named: params.texts("named"),
        markup: params.texts("markup"),
        mac: word("mac"),
        flat,
        paths: params.texts("paths"),
        branches: params.texts("branches"),
        numbered: params.texts("numbered"),
        repeated: params.texts("repeated"),
        remarks: params.texts("remarks"),
        index: word("index"),
        qualifier: word("qualifier"),
        access: word("access"),
        access_marks: Flags::parse(&access_marks)?,
        empty_keeps: params.flag("empty_keeps"),
        key_shape: keys.shape.clone(),
        preface: word("preface"),
        keys_are_elements: params.flag("keys_are_elements"),
        line_breaks: params.flag("line_breaks"),
        case: keys.case,
        duplicates: keys.duplicates,
    })))
}

/// Elements, each with the one that it goes into.
fn homes(params: &dyn Params) -> Result<Vec<(String, String)>, ParamError> {
    let takes = "names of elements, each with the one that it goes into: \"fkey=functionKeys\"";
    let home = |text: String| {
        let (element, home) = text.split_once('=').ok_or(ParamError { name: "homes", takes })?;
        Ok((element.to_owned(), home.to_owned()))
    };
    params.texts("homes").into_iter().map(home).collect()
}

fn gs_binary(params: &dyn Params, _keys: &KeyRules) -> Result<Arc<dyn Syntax>, ParamError> {
    let escape = match params.text("escape") {
        None | Some("vendor") => Escape::Vendor,
        Some("percent") => Escape::Percent,
        Some(_) => return Err(ParamError { name: "escape", takes: "vendor or percent" }),
    };
    let pad = match params.text("pad") {
        None | Some("2") => Pad::Two,
        Some("4") => Pad::Four,
        Some(_) => return Err(ParamError { name: "pad", takes: "2 or 4" }),
    };
    Ok(Arc::new(GsBinary::new(escape, pad, params.text("gnkey").unwrap_or_default())))
}

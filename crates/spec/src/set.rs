//! Sets of files that a device reads together, as a vendor's table states them: which file heads a set, which files it
//! names, in what order their settings count. What the files hold is read by whoever has them.

use offhook_syntax::Document;
use serde::Deserialize;

/// How a vendor's files form sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetRules {
    /// Formats of the files that head a set.
    pub heads: Vec<String>,
    /// Formats of the files that hold several layers, told apart by their elements.
    #[serde(default)]
    pub layered: Vec<String>,
    /// What parts the names in a list of files.
    #[serde(default)]
    pub separator: String,
    /// What stands between the name of a head's setting and a model for which another value counts; empty if there are
    /// no such settings.
    #[serde(default)]
    pub model_joint: String,
    /// What a name may hold for the device to fill in, and what with.
    #[serde(default)]
    pub variable: Vec<Variable>,
    /// Where settings come from, the strongest first.
    #[serde(default)]
    pub layer: Vec<Layer>,
}

/// A text that a device fills in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// The text, `[PHONE_MAC_ADDRESS]`.
    pub text: String,
    /// What it stands for.
    pub means: Meaning,
}

/// What a variable stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// The device's MAC, lower case, without separators.
    Mac,
    /// The model's name.
    Model,
}

/// One source of settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// Files by name.
    #[serde(default)]
    pub files: Vec<String>,
    /// Settings of the head that list files.
    #[serde(default)]
    pub lists: Vec<String>,
    /// Setting of the head that names the folder of the files; they lie beside the head without it.
    #[serde(default)]
    pub folder: String,
    /// Elements that hold this layer in a file of a [`SetRules::layered`] format.
    #[serde(default)]
    pub elements: Vec<String>,
}

/// What is known of the device whose set is looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Device<'a> {
    /// Its MAC.
    pub mac: Option<[u8; 6]>,
    /// Its model, as the table spells it.
    pub model: Option<&'a str>,
}

/// A file that a set asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Number of its layer among [`SetRules::layer`].
    pub layer: usize,
    /// Its path from the head's folder, or its address.
    pub name: String,
    /// Whether devices do without it.
    pub optional: bool,
    /// The variable that could not be filled in.
    pub open: Option<String>,
}

impl Wanted {
    /// Whether the name is an address and no path.
    #[must_use]
    pub fn is_address(&self) -> bool {
        self.name.contains("://")
    }
}

impl SetRules {
    /// The files that `head` asks for, the strongest first.
    #[must_use]
    pub fn wanted(&self, head: &Document, device: Device<'_>) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        for (at, layer) in self.layer.iter().enumerate() {
            let folder = self.setting(head, &layer.folder, device).unwrap_or_default();
            let folder = folder.trim().trim_end_matches('/');
            for name in &layer.files {
                let name = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
                wanted.push(self.filled(at, &name, true, device));
            }
            for list in layer.lists.iter().filter_map(|list| self.setting(head, list, device)) {
                let names = list.split(&self.separator).map(str::trim).filter(|name| !name.is_empty());
                wanted.extend(names.map(|name| self.filled(at, name, false, device)));
            }
        }
        wanted
    }

    /// The layer that an element of a file holds.
    #[must_use]
    pub fn layer_of(&self, element: &str) -> Option<usize> {
        self.layer.iter().position(|layer| layer.elements.iter().any(|own| own == element))
    }

    /// A setting of the head: the one for the model, if there is one.
    fn setting(&self, head: &Document, name: &str, device: Device<'_>) -> Option<String> {
        if name.is_empty() {
            return None;
        }
        let own = device.model.filter(|_| !self.model_joint.is_empty());
        let own = own.and_then(|model| head.value(&format!("{name}{}{model}", self.model_joint)));
        own.or_else(|| head.value(name)).map(std::borrow::Cow::into_owned)
    }

    fn filled(&self, layer: usize, name: &str, optional: bool, device: Device<'_>) -> Wanted {
        let mac = device.mac.map(|mac| mac.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        let mut wanted = Wanted { layer, name: name.to_owned(), optional, open: None };
        for variable in self.variable.iter().filter(|variable| name.contains(&variable.text)) {
            let value = match variable.means {
                Meaning::Mac => mac.as_deref(),
                Meaning::Model => device.model,
            };
            match value {
                Some(value) => wanted.name = wanted.name.replace(&variable.text, value),
                None => wanted.open = Some(variable.text.clone()),
            }
        }
        wanted
    }
}

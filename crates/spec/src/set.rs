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
    /// What parts the names in a list of files; empty where each name is a setting of its own.
    #[serde(default)]
    pub separator: String,
    /// Of several files in a list the last one is the strongest, not the first.
    #[serde(default)]
    pub last_wins: bool,
    /// What parts the models that a setting of a list is for, where it says so; empty if none does.
    #[serde(default)]
    pub model_separator: String,
    /// Setting of the head that makes devices read the files for their model alone, where there are such.
    #[serde(default)]
    pub exclusive: Option<Switch>,
    /// Devices ask for no further file where the head is empty.
    #[serde(default)]
    pub needs_content: bool,
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

/// A setting with the values that switch something on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// The setting's names; the first one that is there counts.
    pub keys: Vec<String>,
    /// Values that switch on.
    pub on: Vec<String>,
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
    /// The same in upper case.
    MacUpper,
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
    /// Formats of the heads that this layer belongs to; empty for all.
    #[serde(default)]
    pub heads: Vec<String>,
    /// The head's own settings are of this layer.
    #[serde(default)]
    pub head: bool,
    /// Settings of other layers overrule this one's where they are marked so.
    #[serde(default)]
    pub yields: bool,
    /// Setting of the other layers with which this one is the weakest of all.
    #[serde(default)]
    pub weak: Option<Switch>,
}

impl Switch {
    /// Whether one of the settings has one of the values; `value` gives settings.
    pub fn is_on<'v>(&self, value: impl Fn(&str) -> Option<std::borrow::Cow<'v, str>>) -> bool {
        let found = self.keys.iter().find_map(|key| value(key));
        found.is_some_and(|value| self.on.iter().any(|on| *on == *value))
    }
}

impl Layer {
    /// Whether a head of this format has the layer.
    #[must_use]
    pub fn is_of(&self, head: &str) -> bool {
        self.heads.is_empty() || self.heads.iter().any(|own| own == head)
    }
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
    /// The models that it is for, if that has to be known and is not.
    pub only_for: Option<String>,
}

impl Wanted {
    /// Whether the name is an address and no path.
    #[must_use]
    pub fn is_address(&self) -> bool {
        self.name.contains("://")
    }
}

impl SetRules {
    /// The files that `head`, of the named format, asks for, the strongest first within each layer.
    #[must_use]
    pub fn wanted(&self, head: &Document, format: &str, device: Device<'_>) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        for (at, layer) in self.layer.iter().enumerate().filter(|(_, layer)| layer.is_of(format)) {
            let folder = self.setting(head, &layer.folder, device).unwrap_or_default();
            let folder = folder.trim().trim_end_matches('/');
            for name in &layer.files {
                let name = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
                wanted.push(self.filled(at, &name, true, device));
            }
            let mut listed = Vec::new();
            for list in &layer.lists {
                self.listed(head, list, at, device, &mut listed);
            }
            if self.last_wins {
                listed.reverse();
            }
            wanted.extend(listed);
        }
        wanted
    }

    /// The layer that an element of a file holds.
    #[must_use]
    pub fn layer_of(&self, element: &str) -> Option<usize> {
        self.layer.iter().position(|layer| layer.elements.iter().any(|own| own == element))
    }

    /// The layer of the head's own settings, for a head of this format.
    #[must_use]
    pub fn head_layer(&self, format: &str) -> Option<usize> {
        self.layer.iter().position(|layer| layer.head && layer.is_of(format))
    }

    /// The files that a setting of the head lists, in its order.
    fn listed(&self, head: &Document, list: &str, layer: usize, device: Device<'_>, wanted: &mut Vec<Wanted>) {
        if !head.syntax().repeats(list) {
            let Some(names) = self.setting(head, list, device) else { return };
            let parts = |names: &str| match &*self.separator {
                "" => vec![names.trim().to_owned()],
                separator => names.split(separator).map(|name| name.trim().to_owned()).collect(),
            };
            let names = parts(&names).into_iter().filter(|name| !name.is_empty());
            return wanted.extend(names.map(|name| self.filled(layer, &name, false, device)));
        }
        let switched = |switch: &Switch| switch.is_on(|key| head.value(key));
        let entries = || head.entries().filter(|entry| entry.key() == list);
        let own = |models: &str| self.names(models, device.model).unwrap_or(false);
        let exclusive = self.exclusive.as_ref().is_some_and(switched)
            && entries().any(|entry| entry.qualifier().is_some_and(|models| own(&models)));
        for entry in entries() {
            let models = entry.qualifier();
            let only_for = match models.as_deref().map(|models| self.names(models, device.model)) {
                None if exclusive => continue,
                Some(Some(false)) => continue,
                None | Some(Some(true)) => None,
                Some(None) => models.map(std::borrow::Cow::into_owned),
            };
            wanted.push(Wanted { only_for, ..self.filled(layer, &entry.value(), false, device) });
        }
    }

    /// Whether a list of models has the device's; none if it is not known.
    fn names(&self, models: &str, model: Option<&str>) -> Option<bool> {
        let model = model?;
        Some(models.split(&self.model_separator).any(|own| own.trim().eq_ignore_ascii_case(model)))
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
        let hex = |mac: [u8; 6]| mac.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let mut wanted = Wanted { layer, name: name.to_owned(), optional, open: None, only_for: None };
        for variable in self.variable.iter().filter(|variable| name.contains(&variable.text)) {
            let value = match variable.means {
                Meaning::Mac => device.mac.map(hex),
                Meaning::MacUpper => device.mac.map(|mac| hex(mac).to_uppercase()),
                Meaning::Model => device.model.map(str::to_owned),
            };
            match value {
                Some(value) => wanted.name = wanted.name.replace(&variable.text, &value),
                None => wanted.open = Some(variable.text.clone()),
            }
        }
        wanted
    }
}

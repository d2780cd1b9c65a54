//! What is wrong with macros, prompts and soft keys taken together: names that nothing defines, prompts that are off,
//! macros that reach themselves, indices and lengths beyond their limits. Each finding names its key.

use std::collections::{BTreeMap, BTreeSet};

use super::action::{Context, Script};
use super::check::{MOST, check, check_label, check_name};
use super::cycle::on_cycles;
use super::dialect::{Dialect, Undefined};
use super::keys::{Keys, Setting, flag};
use super::parameters::{Accepts, FEATURE, Parameter, Role};
use super::read::read;
use crate::{Diagnostic, Severity, Span};

/// A finding and the key of the setting that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFinding {
    /// The key as the set has it.
    pub key: String,
    /// The finding; its span counts from the first byte of the value.
    pub finding: Diagnostic,
}

/// The findings of a set, each with its key: switches first, then values by themselves, then actions and what they
/// name. A setting has 200 at most.
#[must_use]
pub fn check_set(keys: &Keys, dialect: &Dialect) -> Vec<KeyFinding> {
    let mut set = Set { keys, dialect, findings: Vec::new() };
    set.switches();
    for setting in keys.settings() {
        set.value(setting);
    }
    let macros = set.macros();
    let prompts = set.prompts();
    let mut edges = vec![Vec::new(); macros.scripts.len()];
    for ((setting, script), edges) in macros.scripts.iter().zip(&mut edges) {
        set.action(setting, script, &macros, &prompts);
        let named = script.macros().filter_map(|(_, name)| macros.script_of(name));
        edges.extend(named.collect::<BTreeSet<_>>());
    }
    for ((setting, script), cycle) in macros.scripts.iter().zip(on_cycles(&edges)) {
        if cycle {
            let message = match dialect.limits.substitutions {
                Some(most) => format!("the macro reaches itself: it fails after {most} substitutions"),
                None => "the macro reaches itself".to_owned(),
            };
            set.add(setting, Diagnostic::error("macro-cycle", script.span(), message));
        }
    }
    for setting in keys.of(Role::KeyAction).filter(|setting| !setting.value.is_empty()) {
        let script = read(&setting.value, Context::Key, dialect);
        set.action(setting, &script, &macros, &prompts);
    }
    set.findings
}

/// A set being checked.
struct Set<'a> {
    keys: &'a Keys,
    dialect: &'a Dialect,
    findings: Vec<KeyFinding>,
}

/// The macros that do something or are on.
#[derive(Default)]
struct Macros<'a> {
    /// Their actions with the settings they stand in, by index.
    scripts: Vec<(&'a Setting, Script)>,
    /// By name: whether it is on, and its place in `scripts` where it has an action.
    names: BTreeMap<&'a str, (bool, Option<usize>)>,
    /// The names without case.
    folded: BTreeSet<String>,
}

/// What a prompt can do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prompt {
    Off,
    Invalid,
    Sound,
}

impl Macros<'_> {
    fn script_of(&self, name: &str) -> Option<usize> {
        self.names.get(name).and_then(|(_, script)| *script)
    }
}

impl<'a> Set<'a> {
    fn add(&mut self, setting: &Setting, finding: Diagnostic) {
        self.findings.push(KeyFinding { key: setting.key.clone(), finding });
    }

    /// The key of a role that has no index.
    fn key(&self, role: Role) -> Option<&'static str> {
        self.dialect.parameters.iter().find(|row| row.role == role).map(|row| row.key)
    }

    /// Whether the keys are turned on at all, and the version of their language.
    fn switches(&mut self) {
        let keys = self.keys;
        let feature = keys.setting(Role::Feature, 0);
        let numbered = keys.of(Role::FeatureName).find(|name| name.value.eq_ignore_ascii_case(FEATURE));
        let numbered_flag = numbered.and_then(|name| keys.setting(Role::FeatureFlag, name.index));
        let on = [feature, numbered_flag].into_iter().flatten().any(Setting::is_on);
        let flags = keys.of(Role::MacroFlag).chain(keys.of(Role::KeyFlag));
        let used = flags.into_iter().find(|flag| flag.is_on());
        if let (false, Some(used)) = (on, used) {
            let message = "macros and soft keys are set up, and the feature is not on";
            match feature.or(numbered_flag) {
                Some(switch) => self.add(switch, Diagnostic::warning("feature-off", span(switch), message)),
                None => {
                    let finding = Diagnostic::note("feature-off", span(used), message);
                    let help = self.key(Role::Feature).map(|key| format!("set {key} to 1, here or in another file"));
                    self.add(used, Diagnostic { help: help.map(Into::into), ..finding });
                }
            }
        }
        let version = keys.setting(Role::Version, 0);
        if let Some(version) = version.filter(|version| !fits(version)) {
            let message = "a version that does not exist: the keys are off";
            self.add(version, Diagnostic::error("bad-version", span(version), message));
        }
        if let (Some(switch), None) = (numbered_flag.filter(|flag| flag.is_on()), version) {
            let message = "firmware that numbers its features leaves the keys off without a version";
            let help = self.key(Role::Version).map(|key| format!("set {key} to 2, or to 1 for firmware 3.0"));
            let finding = Diagnostic::warning("missing-version", span(switch), message);
            self.add(switch, Diagnostic { help: help.map(Into::into), ..finding });
        }
    }

    /// A value by itself, and its index.
    fn value(&mut self, setting: &Setting) {
        let (span, parameter) = (span(setting), setting.parameter);
        match parameter.role {
            Role::Absent => {
                let message = "no phone has this setting";
                let help = "the states that show a key are set at the soft key";
                return self.add(setting, Diagnostic::warning("no-such-parameter", span, message).help(help));
            }
            Role::Unknown => {
                let message = "no list of settings has this one";
                return self.add(setting, Diagnostic::warning("unknown-parameter", span, message));
            }
            Role::FeatureName | Role::FeatureFlag | Role::Version => return,
            _ => {}
        }
        let limits = &self.dialect.limits;
        let most = match parameter.role {
            Role::MacroAction | Role::MacroFlag | Role::MacroLabel | Role::MacroMethod | Role::MacroName => {
                limits.macros
            }
            Role::PromptFeedback | Role::PromptFlag | Role::PromptKind | Role::PromptLabel | Role::PromptMatching => {
                limits.prompts
            }
            Role::KeyAction | Role::KeyFlag | Role::KeyLabel | Role::KeyOther => limits.keys,
            _ => None,
        };
        if parameter.key.contains('#') && !(1..=most.unwrap_or(u64::MAX)).contains(&setting.index) {
            let message = match most {
                Some(most) => format!("the index is not between 1 and {most}"),
                None => "the index begins with 1".to_owned(),
            };
            self.add(setting, Diagnostic::error("index-beyond", span, message));
        }
        let findings = match &parameter.accepts {
            Accepts::Label(most) => check_label(&setting.value, span, Some(*most), self.dialect),
            _ => misfit(setting, span).into_iter().collect(),
        };
        for finding in findings {
            self.add(setting, finding);
        }
    }

    /// The macros with their actions read; findings on their names.
    fn macros(&mut self) -> Macros<'a> {
        let (keys, dialect) = (self.keys, self.dialect);
        let default = dialect.parameters.iter().find(|row| row.role == Role::MacroName).map(|row| row.default);
        let roles = [Role::MacroAction, Role::MacroFlag, Role::MacroName];
        let indices: BTreeSet<u64> =
            roles.iter().flat_map(|role| keys.of(*role)).map(|setting| setting.index).collect();
        let mut macros = Macros::default();
        for index in indices {
            let action = keys.setting(Role::MacroAction, index).filter(|action| !action.value.is_empty());
            let flag = keys.setting(Role::MacroFlag, index);
            let on = flag.is_some_and(Setting::is_on);
            if !on && action.is_none() {
                // The vendors' templates are full of such.
                continue;
            }
            let place = action.map(|action| {
                macros.scripts.push((action, read(&action.value, Context::Macro, dialect)));
                macros.scripts.len() - 1
            });
            let name = keys.setting(Role::MacroName, index);
            if let Some(name) = name {
                for finding in check_name(&name.value, span(name), dialect.limits.name, dialect) {
                    self.add(name, finding);
                }
            }
            let told = name.map(|name| name.value.as_str()).or(default.filter(|name| !name.is_empty()));
            let Some(told) = told else { continue };
            if macros.names.contains_key(told) {
                let message = "another macro before this one has the same name: this one is never used";
                if let Some(at) = name.or(action).or(flag) {
                    self.add(at, Diagnostic::warning("duplicate-macro", span(at), message));
                }
            } else {
                macros.names.insert(told, (on, place));
                macros.folded.insert(told.to_ascii_lowercase());
            }
        }
        macros
    }

    /// The prompts by index; findings on what makes one invalid.
    fn prompts(&mut self) -> BTreeMap<u64, Prompt> {
        let mut prompts = BTreeMap::new();
        let roles = [Role::PromptFlag, Role::PromptLabel, Role::PromptFeedback, Role::PromptKind, Role::PromptMatching];
        for setting in roles.iter().flat_map(|role| self.keys.of(*role)) {
            prompts.entry(setting.index).or_insert(Prompt::Off);
        }
        for (index, prompt) in &mut prompts {
            if self.keys.setting(Role::PromptFlag, *index).is_some_and(Setting::is_on) {
                *prompt = Prompt::Sound;
            }
            for setting in
                [Role::PromptFeedback, Role::PromptKind].into_iter().filter_map(|role| self.keys.setting(role, *index))
            {
                if *prompt != Prompt::Off && !fits(setting) && !fits_folded(setting) {
                    *prompt = Prompt::Invalid;
                    let message = "a word that makes the prompt invalid, and every macro that asks it";
                    self.add(setting, Diagnostic::error("invalid-prompt", span(setting), message));
                }
            }
        }
        prompts
    }

    /// An action by itself, and what it names.
    fn action(&mut self, setting: &Setting, script: &Script, macros: &Macros<'_>, prompts: &BTreeMap<u64, Prompt>) {
        let most = self.findings.len() + MOST;
        for finding in check(script, self.dialect) {
            self.add(setting, finding);
        }
        let (severity, result) = match self.dialect.undefined {
            Undefined::Fails => (Severity::Error, "the action fails"),
            Undefined::Ignored => (Severity::Warning, "the action is passed over"),
        };
        for (span, name) in script.macros() {
            let finding = match macros.names.get(name) {
                Some((true, _)) => continue,
                Some((false, _)) => Diagnostic::warning("disabled-macro", span, "the macro is not turned on"),
                None => {
                    let finding =
                        Diagnostic::error("undefined-macro", span, format!("no macro has this name: {result}"));
                    let meant = macros.folded.contains(&name.to_ascii_lowercase());
                    let help = meant.then(|| "names of macros are case-sensitive: one differs in case only".into());
                    Diagnostic { severity, help, ..finding }
                }
            };
            self.add(setting, finding);
        }
        let numbers = 1..=self.dialect.limits.prompts.unwrap_or(u64::MAX);
        // A number out of range was found in the script.
        for (span, number) in script.prompts().filter(|(_, number)| numbers.contains(number)) {
            let (code, message) = match prompts.get(&number) {
                Some(Prompt::Sound) => continue,
                Some(Prompt::Invalid) => ("invalid-prompt", "the prompt is invalid"),
                Some(Prompt::Off) => ("disabled-prompt", "the prompt is not turned on"),
                None => ("missing-prompt", "no such prompt is set up"),
            };
            let message = match self.dialect.undefined {
                Undefined::Fails => format!("{message}: {result}"),
                Undefined::Ignored => message.to_owned(),
            };
            self.add(setting, Diagnostic { severity, ..Diagnostic::error(code, span, message) });
        }
        self.findings.truncate(most);
    }
}

/// A value that is not of its kind.
fn misfit(setting: &Setting, span: Span) -> Option<Diagnostic> {
    let Parameter { role, accepts, .. } = setting.parameter;
    let finding = match accepts {
        _ if fits(setting) || setting.value.is_empty() => return None,
        Accepts::Flag => Diagnostic::warning("not-a-flag", span, "neither on nor off").help("write 1 or 0"),
        Accepts::Number(first, last) => {
            Diagnostic::warning("out-of-range", span, format!("not a number between {first} and {last}"))
        }
        Accepts::Word(_) if fits_folded(setting) => {
            let message = "whether phones take other case than lower is unknown";
            Diagnostic::warning("odd-case", span, message).help("write it in lower case")
        }
        // Whether such a prompt is used is told with the prompts.
        Accepts::Word(words) if !matches!(role, Role::PromptFeedback | Role::PromptKind) => {
            let message = format!("not one of the known words: {}", words.join(", "));
            Diagnostic::warning("unknown-word", span, message)
        }
        Accepts::Any | Accepts::Label(_) | Accepts::Word(_) => return None,
    };
    Some(finding)
}

/// Whether a value is of its kind. An absent value is, an empty one need not be.
fn fits(setting: &Setting) -> bool {
    let value = setting.value.as_str();
    match setting.parameter.accepts {
        Accepts::Any | Accepts::Label(_) => true,
        Accepts::Flag => flag(value).is_some(),
        Accepts::Number(first, last) => value.parse().is_ok_and(|number: u64| (first..=last).contains(&number)),
        Accepts::Word(words) => words.contains(&value),
    }
}

/// Whether a value is one of its words but for case.
fn fits_folded(setting: &Setting) -> bool {
    match setting.parameter.accepts {
        Accepts::Word(words) => words.iter().any(|word| word.eq_ignore_ascii_case(&setting.value)),
        _ => false,
    }
}

fn span(setting: &Setting) -> Span {
    Span::at(0..setting.value.len())
}

//! What the page says, in each of its languages: one Fluent file a language in `web/text`, embedded in the program.
//!
//! `index.html` has its English inline, so that it can be read before the program arrives and where it never does; its elements name
//! their messages in `data-t`. `cargo xtask texts` writes the words there, and into `www/boot.mjs`, which speaks before any WebAssembly
//! does. The tests hold every language to the ids and arguments of English.
//!
//! Another language is a file beside `en.ftl` and a line in [`LANGUAGES`].

mod markup;
mod vocabulary;

#[cfg(test)]
mod sources;
#[cfg(test)]
mod tests;

pub use markup::{ATTRIBUTES, ELEMENTS, Piece, pieces};
pub use vocabulary::{domain, field, noun, place, word};

use std::{
    borrow::Cow,
    cell::{Cell, OnceCell},
    fmt,
};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

/// A language of the page.
#[derive(Debug)]
pub struct Language {
    /// In the address, in the browser's storage and in `window.fovea`: the primary subtag of BCP 47.
    pub code: &'static str,
    /// What its speakers call it.
    pub name: &'static str,
    /// Value of `lang` attributes.
    pub tag: &'static str,
    /// Its messages in Fluent's syntax.
    source: &'static str,
}

/// The languages to choose from; the first is spoken where no other is asked for, and stands in where another lacks a message.
pub static LANGUAGES: [Language; 2] = [
    Language { code: "en", name: "English", tag: "en", source: include_str!("../../text/en.ftl") },
    Language { code: "zh", name: "中文", tag: "zh-Hans", source: include_str!("../../text/zh.ftl") },
];

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Language {
    /// The language of a code or tag, such as `zh`, `zh-CN` or `en_GB`: the primary subtag decides.
    pub fn find(tag: &str) -> Option<&'static Self> {
        let primary = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        LANGUAGES.iter().find(|l| l.code == primary)
    }

    /// The language for a visitor: what the address asks for, else what was chosen before, else the first of the browser's languages
    /// that the page has, else English. Names of languages that the page does not have are as good as none.
    pub fn choose(asked: Option<&str>, stored: Option<&str>, preferred: &[String]) -> &'static Self {
        let names = asked.into_iter().chain(stored).chain(preferred.iter().map(String::as_str));
        names.filter_map(Self::find).next().unwrap_or(&LANGUAGES[0])
    }

    /// Whether this is the language of bundles, engines and `index.html`.
    pub fn is_english(&self) -> bool {
        *self == LANGUAGES[0]
    }
}

type Bundle = FluentBundle<FluentResource>;

thread_local! {
    static NOW: Cell<&'static Language> = const { Cell::new(&LANGUAGES[0]) };
    /// The messages of each language, read when the first of them is needed.
    static BUNDLES: [OnceCell<Bundle>; LANGUAGES.len()] = const { [const { OnceCell::new() }; LANGUAGES.len()] };
}

/// The language that is spoken.
pub fn language() -> &'static Language {
    NOW.get()
}

/// Speaks another language from now on, on this thread.
pub fn speak(language: &'static Language) {
    NOW.set(language);
}

fn read(language: &Language) -> Bundle {
    let mut bundle = Bundle::new(vec![language.tag.parse().unwrap_or_default()]);
    // The marks would stand in texts that tests and screen readers compare, and no language here is written from the right.
    bundle.set_use_isolating(false);
    // The tests see to it that every file is whole; of one that is not, what can be read is used.
    let messages = FluentResource::try_new(language.source.to_owned()).unwrap_or_else(|(readable, _)| readable);
    drop(bundle.add_resource(messages));
    bundle
}

/// A message in a language; nothing where the language lacks it.
fn lookup(language: &'static Language, id: &str, args: &FluentArgs<'_>) -> Option<String> {
    let place = LANGUAGES.iter().position(|l| l == language)?;
    BUNDLES.with(|bundles| {
        let bundle = bundles[place].get_or_init(|| read(language));
        let pattern = bundle.get_message(id)?.value()?;
        // An argument that is missing is written as its name; the tests find it.
        Some(bundle.format_pattern(pattern, Some(args), &mut vec![]).into_owned())
    })
}

/// A value in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A text or a number that is written already.
    Text(String),
    /// A number that decides between singular and plural.
    Count(usize),
    /// Another message.
    Message(Message),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

/// Something that is said, written when it is shown: a page that keeps messages, and not their
/// words, can change its language. Engines
/// send messages and need not know the language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// Words that have no translation: of a bundle, an engine, a server or the browser.
    Plain(String),
    /// A message of the page.
    Known {
        /// Its id in the files.
        id: Cow<'static, str>,
        /// Its arguments by name.
        args: Vec<(Cow<'static, str>, Value)>,
    },
}

impl Message {
    /// The message of an id that is made of names; those with ids of their own are written with `message!`.
    pub fn named(id: String) -> Self {
        Self::Known { id: id.into(), args: Vec::new() }
    }

    /// The message of an id that is made of names, where its English says this; else these words, which then have no translation.
    pub fn of_english(id: String, english: &str) -> Self {
        let said = lookup(&LANGUAGES[0], &id, &FluentArgs::new());
        if said.is_some_and(|said| said == english) { Self::named(id) } else { english.into() }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Plain(text) if text.is_empty())
    }
}

impl Default for Message {
    /// Nothing is said.
    fn default() -> Self {
        Self::Plain(String::new())
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<&String> for Message {
    fn from(text: &String) -> Self {
        Self::Plain(text.clone())
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::Plain(text.into())
    }
}

/// In the language that is spoken.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, args) = match self {
            Self::Plain(text) => return f.write_str(text),
            Self::Known { id, args } => (id, args),
        };
        let mut written = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            let value: FluentValue<'_> = match value {
                Value::Text(text) => text.as_str().into(),
                Value::Count(count) => (*count).into(),
                Value::Message(message) => message.to_string().into(),
            };
            written.set(name.as_ref(), value);
        }
        let text = lookup(language(), id, &written).or_else(|| lookup(&LANGUAGES[0], id, &written));
        f.write_str(text.as_deref().unwrap_or(id))
    }
}

/// A [`Message`]: `message!("id")` or `message!("id", name = value, ...)`.
macro_rules! message {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::text::Message::Known {
            id: ::std::borrow::Cow::Borrowed($id),
            args: vec![$((::std::borrow::Cow::Borrowed(stringify!($name)), $crate::text::Value::from($value))),*],
        }
    };
}

/// The same, written at once in the language that is spoken.
macro_rules! say {
    ($($message:tt)*) => { $crate::text::message!($($message)*).to_string() };
}

pub(crate) use {message, say};

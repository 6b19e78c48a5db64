//! [`View`] and its items: everything that could be shown, in source order.

use crate::tokens::Tokens;
use std::fmt;
use std::ops::Range;

/// The kind of an item that tells of a problem.
pub(super) const NOTE: &str = "note";

/// How much of an item is shown. A level holds everything of the levels below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Kind and name.
    Name,
    /// The declaration up to its body.
    Signature,
    /// Signature and documentation.
    Doc,
    /// The source, verbatim.
    Body,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Level; 4] = [Level::Name, Level::Signature, Level::Doc, Level::Body];

    /// The word for this level in options and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Level::Name => "name",
            Level::Signature => "signature",
            Level::Doc => "doc",
            Level::Body => "body",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What an item is called when items of its sort are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noun {
    /// "1 file"
    pub one: &'static str,
    /// "2 files"
    pub many: &'static str,
}

impl Noun {
    /// `count` with the right form and thousands separated: `1 file`, `1,204 symbols`.
    pub fn counted(&self, count: usize) -> String {
        let word = if count == 1 { self.one } else { self.many };
        format!("{} {word}", grouped(count as u64))
    }
}

/// A number with its thousands separated by commas.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Where an item stands: what a reader needs in order to open it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Place {
    /// Index into [`View::paths`].
    pub path: u32,
    /// First and last line, 1-based, both included; `None` for a whole file or folder.
    pub lines: Option<(u32, u32)>,
}

/// One thing that can be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Index of the item it stands under; always smaller than its own index.
    pub parent: Option<u32>,
    /// Number of items above it.
    pub depth: u16,
    /// Index into [`View::nouns`].
    pub noun: u8,
    /// Where it stands.
    pub place: Place,
    /// Its kind, as JSON names it: `file`, `function`.
    pub kind: &'static str,
    /// What text writes in front of its bare name: `fn`; may be empty.
    pub label: &'static str,
    /// Tokens of the whole of it read verbatim: what the last level would cost. 0 when what is
    /// shown is all there is.
    pub tokens: u64,
    /// Whether other items may stand under it.
    pub is_parent: bool,
    texts: [Option<Range<usize>>; 4],
    values: [f32; 4],
}

impl Item {
    /// The levels this item has, lowest first.
    pub fn levels(&self) -> impl Iterator<Item = Level> + '_ {
        Level::ALL
            .into_iter()
            .filter(|level| self.texts[*level as usize].is_some())
    }

    /// The highest level.
    pub fn top(&self) -> Level {
        self.levels().last().unwrap_or(Level::Name)
    }

    /// What showing the item at `level` is worth, in units that only compare within a view.
    pub fn value(&self, level: Level) -> f32 {
        self.values[level as usize]
    }
}

/// Everything a command could show, in the order in which it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// The command that made it, as JSON names it: `outline`.
    pub name: &'static str,
    /// Items in preorder.
    pub items: Vec<Item>,
    /// The paths that items stand in, relative to the workspace.
    pub paths: Vec<String>,
    /// What items are called when they are counted.
    pub nouns: Vec<Noun>,
    /// The command line that shows this view, without its budget.
    pub command: String,
    /// Things that exist but were never made into items, as (noun, count, bytes).
    pub unlisted: Vec<(u8, usize, u64)>,
    /// Whether the cost of the whole of an item is written after it in text. JSON always has it.
    pub costs_in_text: bool,
    /// What a step may cost that is taken at once, whatever is shown; about one line of text
    /// unless set. A view of sentences sets it higher, so that their worth decides.
    pub small_step: Option<Tokens>,
    arena: String,
}

/// What an item is made of, before it is added to a view.
#[derive(Clone, Debug, Default)]
pub struct ItemBuilder<'a> {
    /// Index of the parent item.
    pub parent: Option<u32>,
    /// Index into [`View::nouns`].
    pub noun: u8,
    /// Where it stands.
    pub place: Place,
    /// Its kind.
    pub kind: &'static str,
    /// What text writes in front of its bare name.
    pub label: &'static str,
    /// Tokens of the whole of it.
    pub tokens: u64,
    /// Whether other items may stand under it.
    pub is_parent: bool,
    /// Text and value of each level, lowest first. The text of [`Level::Doc`] is the
    /// documentation alone; values grow with the level.
    pub levels: &'a [(Level, &'a str, f32)],
}

impl View {
    /// An empty view of the command `name`.
    pub fn new(name: &'static str, command: String, nouns: Vec<Noun>) -> View {
        View {
            name,
            command,
            nouns,
            costs_in_text: true,
            ..View::default()
        }
    }

    /// Adds a path and returns its index.
    pub fn add_path(&mut self, path: String) -> u32 {
        self.paths.push(path);
        self.paths.len() as u32 - 1
    }

    /// Adds an item after all others and returns its index. Its parent must be there already.
    ///
    /// Texts are trimmed at their end; an empty text drops its level. An item without any
    /// level is given its place as its name, so that it can be shown at all.
    pub fn add(&mut self, builder: ItemBuilder) -> u32 {
        let parent = builder
            .parent
            .filter(|parent| (*parent as usize) < self.items.len());
        let mut item = Item {
            parent,
            depth: parent.map_or(0, |parent| self.items[parent as usize].depth + 1),
            noun: builder.noun,
            place: builder.place,
            kind: builder.kind,
            label: builder.label,
            tokens: builder.tokens,
            is_parent: builder.is_parent,
            texts: [const { None }; 4],
            values: [0.0; 4],
        };
        for (level, text, value) in builder.levels {
            let text = text.trim_end();
            if text.is_empty() {
                continue;
            }
            let start = self.arena.len();
            self.arena.push_str(text);
            item.texts[*level as usize] = Some(start..self.arena.len());
            item.values[*level as usize] = *value;
        }
        if item.levels().next().is_none() {
            let start = self.arena.len();
            self.arena.push('?');
            item.texts[0] = Some(start..self.arena.len());
        }
        self.items.push(item);
        self.items.len() as u32 - 1
    }

    /// Adds a problem met on the way as an item of its own: `note: about: problem`.
    pub fn add_note(&mut self, noun: u8, about: &str, problem: &str, value: f32) {
        let path = self.add_path(about.to_owned());
        let text = if about.is_empty() {
            problem.to_owned()
        } else {
            format!("{about}: {problem}")
        };
        self.add(ItemBuilder {
            noun,
            place: Place { path, lines: None },
            kind: NOTE,
            levels: &[(Level::Name, &format!("note: {text}"), value)],
            ..ItemBuilder::default()
        });
    }

    /// The text of an item's own level; empty when it has none there.
    pub fn text(&self, item: &Item, level: Level) -> &str {
        item.texts[level as usize]
            .clone()
            .map_or("", |range| &self.arena[range])
    }

    /// The path an item stands in.
    pub fn path(&self, item: &Item) -> &str {
        self.paths
            .get(item.place.path as usize)
            .map_or("", String::as_str)
    }

    /// `path:start-end` of an item: what `ctx read` and an agent's own reader take.
    pub fn handle(&self, item: &Item) -> String {
        let path = self.path(item);
        match item.place.lines {
            Some((start, end)) => format!("{path}:{start}-{end}"),
            None => path.to_owned(),
        }
    }
}

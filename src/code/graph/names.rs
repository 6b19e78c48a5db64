//! Names as numbers: each distinct text once.

use std::collections::HashMap;
use std::sync::Arc;

/// A number for a text, dense from 0 in the order in which texts were first met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(pub u32);

/// All names of a graph.
#[derive(Debug, Default)]
pub struct Names {
    ids: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Names {
    /// The number of `text`, a new one if it was never met.
    pub fn intern(&mut self, text: &str) -> Name {
        if let Some(id) = self.ids.get(text) {
            return Name(*id);
        }
        let id = self.texts.len() as u32;
        let text: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&text));
        self.ids.insert(text, id);
        Name(id)
    }

    /// The number of `text`, if it was met.
    pub fn get(&self, text: &str) -> Option<Name> {
        self.ids.get(text).copied().map(Name)
    }

    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        &self.texts[name.0 as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }
}

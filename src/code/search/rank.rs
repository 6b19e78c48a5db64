//! Scores files and units against a query: BM25F over fields at both levels, what the query
//! names, and one hop over references. History is never mixed in.

use super::query::Query;
use super::store::{FIELDS, Store, Totals, Unit};
use super::terms;
use super::weights::Weights;
use crate::code::files::Role;
use crate::code::scope::Scope;
use crate::code::syntax::SymbolKind;
use std::collections::HashMap;

/// Files and units with their scores, best first. Scores are relative to the best, which has 1.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// Files that match at all.
    pub files: Vec<(u32, f32)>,
    /// Units that match at all.
    pub units: Vec<(u32, f32)>,
    /// What a term is worth on a line, for choosing lines.
    pub line_terms: HashMap<String, f32>,
    /// Lines that the query names, by file.
    pub lines: HashMap<u32, Vec<u32>>,
}

/// Most units whose text is read for pairs of words.
const READ: usize = 300;

/// Bytes of a unit's text that are read for them.
const READ_BYTES: usize = 16 * 1024;
/// Files of which all units are ranked, whether they hold a word of the query or not.
const WHOLE_FILES: usize = 400;
/// Units that are ranked in the end.
const RANKED: usize = 4_000;

/// Ranks what of `store` lies in `scope`.
pub fn rank(store: &dyn Store, query: &Query, scope: &Scope, w: &Weights) -> Ranking {
    let mut ranker = Ranker::new(store, query, scope, w);
    ranker.bm25();
    ranker.mentions();
    ranker.tested();
    ranker.combine();
    ranker.pairs();
    ranker.hop();
    ranker.finish()
}

struct Ranker<'a> {
    store: &'a dyn Store,
    query: &'a Query,
    w: &'a Weights,
    units: Vec<f32>,
    files: Vec<f32>,
    /// What the query's names and places add.
    unit_bonus: Vec<f32>,
    file_bonus: Vec<f32>,
    scores: Vec<f32>,
    /// Units that may have a score.
    reached: Vec<u32>,
    scope: &'a Scope,
    line_terms: HashMap<String, f32>,
    lines: HashMap<u32, Vec<u32>>,
}

impl<'a> Ranker<'a> {
    fn new(store: &'a dyn Store, query: &'a Query, scope: &'a Scope, w: &'a Weights) -> Self {
        let (units, files) = (store.n_units() as usize, store.n_files() as usize);
        Ranker {
            store,
            query,
            w,
            units: vec![0.0; units],
            files: vec![0.0; files],
            unit_bonus: vec![0.0; units],
            file_bonus: vec![0.0; files],
            scores: vec![0.0; units],
            reached: Vec::new(),
            scope,
            line_terms: HashMap::new(),
            lines: HashMap::new(),
        }
    }

    fn bm25(&mut self) {
        let (w, store) = (self.w, self.store);
        let weights = [w.u_name, w.u_signature, w.u_doc, w.u_body];
        let (n_units, n_files) = (self.units.len(), self.files.len());
        let totals = store.totals();
        let averages = average_lengths(&totals, n_units);
        let average_file = (totals.file_length as f64 / n_files.max(1) as f64) as f32;
        let mut file_tf: Vec<(f32, f32)> = vec![(0.0, 0.0); n_files];
        let mut unit_tf: Vec<f32> = vec![0.0; n_units];
        for (term, weight) in &self.query.terms {
            let postings = store.postings(term);
            let in_paths = store.paths(term);
            if postings.is_empty() && in_paths.is_empty() {
                continue;
            }
            let mut touched_files: Vec<u32> = in_paths.to_vec();
            let mut touched_units: Vec<u32> = Vec::with_capacity(postings.len());
            for posting in postings.iter() {
                let unit = store.unit(posting.unit);
                let mut tf = 0.0;
                for field in 0..FIELDS {
                    let norm = 1.0 - w.u_b + w.u_b * unit.lengths[field] as f32 / averages[field];
                    // A field with few terms is not better for being shorter than usual.
                    tf += weights[field] * f32::from(posting.counts[field]) / norm.max(0.5);
                }
                unit_tf[posting.unit as usize] += tf;
                touched_units.push(posting.unit);
                let entry = &mut file_tf[unit.file as usize];
                entry.0 += posting.counts.iter().map(|n| f32::from(*n)).sum::<f32>();
                entry.1 += f32::from(posting.counts[0]);
                touched_files.push(unit.file);
            }
            touched_files.sort_unstable();
            touched_files.dedup();
            let idf_file = idf(n_files, touched_files.len());
            for file in &touched_files {
                let (text, names) = std::mem::take(&mut file_tf[*file as usize]);
                let entry = store.file(*file);
                let norm = 1.0 - w.f_b + w.f_b * entry.length as f32 / average_file;
                let path = if in_paths.binary_search(file).is_ok() {
                    w.f_path
                } else {
                    0.0
                };
                let tf = path + (w.f_name * names + w.f_text * text) / norm.max(0.3);
                self.files[*file as usize] +=
                    idf_file * weight * tf * (w.f_k1 + 1.0) / (tf + w.f_k1);
            }
            let idf_unit = idf(n_units, postings.len());
            let in_container = store.containers(term);
            for unit in in_container.iter() {
                unit_tf[*unit as usize] += w.u_container;
                touched_units.push(*unit);
            }
            touched_units.sort_unstable();
            touched_units.dedup();
            for unit in touched_units {
                let mut tf = std::mem::take(&mut unit_tf[unit as usize]);
                if in_paths.binary_search(&store.unit(unit).file).is_ok() {
                    tf += w.u_path;
                }
                let score = &mut self.units[unit as usize];
                if *score == 0.0 {
                    self.reached.push(unit);
                }
                *score += idf_unit * weight * tf * (w.u_k1 + 1.0) / (tf + w.u_k1);
            }
            self.line_terms.insert(term.clone(), idf_unit * weight);
        }
    }

    /// Names, paths and lines that the query spells out.
    fn mentions(&mut self) {
        let (w, store) = (self.w, self.store);
        for (name, weight) in &self.query.names {
            let found = store.definitions(name);
            let found: Vec<u32> = found
                .iter()
                .copied()
                .filter(|u| {
                    store.file(store.unit(*u).file).role == Role::Source && !store.unit(*u).is_test
                })
                .collect();
            let each = weight / (found.len() as f32).sqrt().max(1.0);
            for unit in found {
                let mut bonus = w.m_exact * each;
                // `Context.Next`: the container is named as well.
                if let Some(parent) = store.unit(unit).parent
                    && store.unit(parent).kind.is_some()
                    && let parent_name = store.name(parent)
                    && self
                        .query
                        .names
                        .iter()
                        .any(|(other, _)| *other == parent_name)
                {
                    bonus += w.m_qualified * each;
                }
                self.unit_bonus[unit as usize] += bonus;
                self.reached.push(unit);
            }
        }
        for place in &self.query.places {
            let found = files_ending(store, &place.path);
            let each = place.weight / (found.len() as f32).max(1.0);
            for file in found {
                let known = &mut self.file_bonus[file as usize];
                *known = known.max(w.m_path * each);
                let (first, last) = store.file(file).units;
                if let Some(line) = place.line {
                    let holds = |u: &u32| {
                        let unit = store.unit(*u);
                        unit.kind.is_some() && unit.lines.start <= line && line <= unit.lines.end
                    };
                    // The function named in the frame, wherever it stands by now, else the line.
                    let named =
                        (first..last).find(|u| place.function.as_deref() == Some(&*store.name(*u)));
                    let unit = named.or_else(|| (first..last).rev().find(holds));
                    if let Some(unit) = unit {
                        let known = &mut self.unit_bonus[unit as usize];
                        *known += w.m_line * each * 0.5;
                        self.reached.push(unit);
                    }
                    self.lines.entry(file).or_default().push(line);
                }
            }
        }
    }

    /// Files of tests that match speak for the files that they test, told by their names.
    fn tested(&mut self) {
        let (w, store) = (self.w, self.store);
        normalize(&mut self.files);
        if w.hop_test > 0.0 {
            let mut tests: Vec<u32> = (0..self.files.len() as u32)
                .filter(|file| self.files[*file as usize] > 0.2)
                .filter(|file| store.file(*file).role == Role::Test)
                .collect();
            tests.sort_by(|a, b| {
                self.files[*b as usize]
                    .total_cmp(&self.files[*a as usize])
                    .then(a.cmp(b))
            });
            tests.truncate(30);
            let mut by_stem: HashMap<String, f32> = HashMap::new();
            for test in tests {
                let stem = tested_stem(store.file(test).path);
                let known = by_stem.entry(stem).or_default();
                *known = known.max(self.files[test as usize]);
            }
            let mut found: HashMap<&str, Vec<u32>> = HashMap::new();
            for file in 0..self.files.len() as u32 {
                let entry = store.file(file);
                if entry.role == Role::Source
                    && let Some((stem, _)) = by_stem.get_key_value(stem(entry.path))
                {
                    found.entry(stem).or_default().push(file);
                }
            }
            for (stem, files) in found {
                let gain = w.hop_test * by_stem[stem] / (files.len() as f32);
                for file in files {
                    self.file_bonus[file as usize] += gain;
                }
            }
        }
    }

    fn combine(&mut self) {
        normalize(&mut self.units);
        let value = |file: &u32| self.files[*file as usize] + self.file_bonus[*file as usize];
        let mut whole: Vec<u32> = (0..self.files.len() as u32)
            .filter(|file| value(file) > 0.0)
            .collect();
        let by = |a: &u32, b: &u32| value(b).total_cmp(&value(a)).then(a.cmp(b));
        if whole.len() > WHOLE_FILES {
            whole.select_nth_unstable_by(WHOLE_FILES, by);
            whole.truncate(WHOLE_FILES);
        }
        for file in whole {
            let (first, last) = self.store.file(file).units;
            self.reached.extend(first..last);
        }
        self.reached.sort_unstable();
        self.reached.dedup();
        let (store, scope) = (self.store, self.scope);
        if !scope.is_all() {
            let inside: Vec<bool> = (0..store.n_files())
                .map(|file| store.file(file))
                .map(|file| scope.holds(file.path, file.role))
                .collect();
            self.reached.retain(|unit| {
                let unit = store.unit(*unit);
                inside[unit.file as usize]
                    && scope.holds_unit(store.file(unit.file).role, unit.is_test)
            });
        }
        for at in 0..self.reached.len() {
            let unit = self.reached[at];
            self.scores[unit as usize] = self.first_score(unit);
        }
    }

    fn first_score(&self, idx: u32) -> f32 {
        let (w, store) = (self.w, self.store);
        let unit = store.unit(idx);
        let file = unit.file as usize;
        let lines = (unit.lines.end - unit.lines.start + 1) as f32;
        let own = self.units[idx as usize];
        let own = own * (1.0 + w.mix_size * (lines.min(200.0).ln() / 5.3 - 0.5));
        let role = role_weight(store.file(unit.file).role, unit.is_test, w);
        (w.mix_unit * own
            + w.mix_file * self.files[file]
            + self.unit_bonus[idx as usize]
            + self.file_bonus[file])
            * kind_weight(&unit, w)
            * role
    }

    /// Adds what pairs of words of the query that stand together in a unit tell.
    fn pairs(&mut self) {
        let w = self.w;
        if w.m_phrase == 0.0 || self.query.pairs.is_empty() {
            return;
        }
        let n_pairs = self.query.pairs.len();
        let pairs: HashMap<(&str, &str), usize> = self
            .query
            .pairs
            .iter()
            .enumerate()
            .map(|(i, (a, b))| ((a.as_str(), b.as_str()), i))
            .collect();
        let triples: HashMap<[&str; 3], usize> = self
            .query
            .triples
            .iter()
            .enumerate()
            .map(|(i, words)| (words.each_ref().map(String::as_str), n_pairs + i))
            .collect();
        let known: std::collections::HashSet<&str> = self
            .query
            .pairs
            .iter()
            .flat_map(|(a, b)| [a.as_str(), b.as_str()])
            .chain(self.query.triples.iter().flatten().map(String::as_str))
            .collect();
        let top = self.top_units(READ);
        let mut found: Vec<Vec<usize>> = Vec::with_capacity(top.len());
        let mut frequency = vec![0_usize; n_pairs + self.query.triples.len()];
        let mut starts: HashMap<u32, Vec<usize>> = HashMap::new();
        let mut lower = String::new();
        for unit in &top {
            let entry = self.store.unit(*unit);
            let text = self.store.text(entry.file);
            let starts = starts
                .entry(entry.file)
                .or_insert_with(|| line_starts(text));
            let text = &text[lines_of(starts, text.len(), entry.doc_line, entry.lines.end)];
            let text = beginning(text, READ_BYTES);
            let mut mine = Vec::new();
            // The last two words, when they stand right before this one.
            let (mut end, mut one, mut two) = (0, None, None);
            terms::words(text, |at, word| {
                terms::split(word, |part| {
                    let at = at + (part.as_ptr() as usize - word.as_ptr() as usize);
                    lower.clear();
                    if part.is_ascii() {
                        lower.push_str(part);
                        lower.make_ascii_lowercase();
                    } else {
                        lower.extend(part.chars().flat_map(char::to_lowercase));
                    }
                    if at - end > 3 {
                        (one, two) = (None, None);
                    }
                    let this = known.get(lower.as_str()).copied();
                    if let (Some(one), Some(this)) = (one, this) {
                        mine.extend(pairs.get(&(one, this)));
                        if let Some(two) = two {
                            mine.extend(triples.get(&[two, one, this]));
                        }
                    }
                    (end, two, one) = (at + part.len(), one, this);
                });
            });
            mine.sort_unstable();
            mine.dedup();
            for pair in &mine {
                frequency[*pair] += 1;
            }
            found.push(mine);
        }
        let most = (top.len().max(2) as f32).ln();
        let sums: Vec<f32> = found
            .iter()
            .map(|mine| {
                mine.iter()
                    .map(|pair| {
                        (top.len() as f32 / frequency[*pair] as f32).ln() / most
                            * if *pair < n_pairs { 1.0 } else { w.m_triple }
                    })
                    .sum::<f32>()
            })
            .collect();
        for (unit, sum) in top.iter().zip(sums) {
            let entry = self.store.file(self.store.unit(*unit).file);
            let role = role_weight(entry.role, self.store.unit(*unit).is_test, w);
            self.scores[*unit as usize] += w.m_phrase * role * sum / (sum + w.m_phrase_k);
        }
    }

    /// One hop: what the best units use, and what uses them, gains a little.
    fn hop(&mut self) {
        let (w, store) = (self.w, self.store);
        if w.hop_callee == 0.0 && w.hop_caller == 0.0 {
            return;
        }
        let top = self.top_units(30);
        let best = top
            .first()
            .map_or(1.0, |unit| self.scores[*unit as usize])
            .max(f32::MIN_POSITIVE);
        let mut gain: HashMap<u32, f32> = HashMap::new();
        for unit in &top {
            let from = self.scores[*unit as usize] / best;
            let from = from * from;
            let home = store.unit(*unit).file;
            for name in store.used_by(*unit) {
                let found = store.definitions(&name);
                let near: Vec<u32> = found
                    .iter()
                    .copied()
                    .filter(|u| store.unit(*u).file == home)
                    .collect();
                let found = if near.is_empty() { &found[..] } else { &near };
                if found.len() > 6 {
                    continue;
                }
                for other in found {
                    let known = gain.entry(*other).or_default();
                    *known = known.max(w.hop_callee * from / (found.len() as f32).sqrt());
                }
            }
            let (entry, name) = (store.unit(*unit), store.name(*unit));
            if entry.kind.is_none() || name.len() < 3 {
                continue;
            }
            let defined = store.definitions(&name).len() as f32;
            let users = store.uses(&name);
            if defined > 6.0 || users.len() > 60 {
                continue;
            }
            for user in users.iter() {
                let known = gain.entry(*user).or_default();
                *known =
                    known.max(w.hop_caller * from / (users.len() as f32).sqrt() / defined.sqrt());
            }
        }
        let mut gain: Vec<(u32, f32)> = gain.into_iter().collect();
        gain.retain(|(unit, _)| self.is_inside(*unit));
        gain.sort_unstable_by_key(|(unit, _)| *unit);
        for (unit, gain) in gain {
            if self.scores[unit as usize] == 0.0 {
                self.reached.push(unit);
            }
            let entry = store.unit(unit);
            let role =
                role_weight(store.file(entry.file).role, entry.is_test, w) * kind_weight(&entry, w);
            self.scores[unit as usize] += gain * role * best;
        }
    }

    fn is_inside(&self, unit: u32) -> bool {
        let unit = self.store.unit(unit);
        let file = self.store.file(unit.file);
        self.scope.is_all()
            || self.scope.holds(file.path, file.role)
                && self.scope.holds_unit(file.role, unit.is_test)
    }

    fn top_units(&self, most: usize) -> Vec<u32> {
        let mut order: Vec<u32> = self
            .reached
            .iter()
            .copied()
            .filter(|unit| self.scores[*unit as usize] > 0.0)
            .collect();
        let by = |a: &u32, b: &u32| {
            self.scores[*b as usize]
                .total_cmp(&self.scores[*a as usize])
                .then(a.cmp(b))
        };
        if order.len() > most {
            order.select_nth_unstable_by(most, by);
            order.truncate(most);
        }
        order.sort_by(by);
        order
    }

    fn finish(mut self) -> Ranking {
        let (w, store) = (self.w, self.store);
        let units_order = self.top_units(RANKED);
        let n_files = self.files.len();
        let mut rest = vec![0.0_f32; n_files];
        let mut best = vec![0.0_f32; n_files];
        let mut decay = vec![1.0_f32; n_files];
        for unit in &units_order {
            let file = store.unit(*unit).file as usize;
            let score = self.scores[*unit as usize];
            if best[file] == 0.0 {
                best[file] = score;
            } else if decay[file] > 0.1 {
                decay[file] *= 0.6;
                rest[file] += score * decay[file];
            }
        }
        let mut file_scores: Vec<(u32, f32)> = (0..n_files)
            .map(|file| {
                let own = role_weight(store.file(file as u32).role, false, w)
                    * (self.files[file] + self.file_bonus[file]);
                (
                    file as u32,
                    own + w.file_best * best[file] + w.file_rest * rest[file],
                )
            })
            .filter(|(_, score)| *score > 0.0)
            .filter(|(file, _)| self.scope.is_all() || best[*file as usize] > 0.0)
            .collect();
        file_scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let top = file_scores.first().map_or(1.0, |f| f.1);
        let top_unit = units_order
            .first()
            .map_or(1.0, |u| self.scores[*u as usize]);
        Ranking {
            files: file_scores
                .into_iter()
                .map(|(file, score)| (file, score / top))
                .collect(),
            units: units_order
                .into_iter()
                .map(|unit| (unit, self.scores[unit as usize] / top_unit))
                .collect(),
            line_terms: std::mem::take(&mut self.line_terms),
            lines: std::mem::take(&mut self.lines),
        }
    }
}

/// The first bytes of a text, to a boundary between characters.
fn beginning(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The name of a file without what stands after the first dot that is not its first letter.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let end = name.char_indices().find(|(at, c)| *at > 0 && *c == '.');
    let stem = end.map_or(name, |(at, _)| &name[..at]);
    stem.strip_suffix("-inl").unwrap_or(stem)
}

/// The stem of the file that a file of tests is about, as far as its name tells.
fn tested_stem(path: &str) -> String {
    let mut stem = stem(path);
    for affix in ["test_", "Test"] {
        stem = stem.strip_prefix(affix).unwrap_or(stem);
    }
    for affix in [
        "_test",
        "_tests",
        "_spec",
        "_unittest",
        "-test",
        "Tests",
        "Test",
        "IT",
    ] {
        stem = stem.strip_suffix(affix).unwrap_or(stem);
    }
    stem.to_owned()
}

/// Where each line of a text starts.
fn line_starts(text: &str) -> Vec<usize> {
    [0].into_iter()
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect()
}

/// The bytes of lines `first` to `last`.
fn lines_of(starts: &[usize], len: usize, first: u32, last: u32) -> std::ops::Range<usize> {
    let at = |line: usize| starts.get(line).copied().unwrap_or(len);
    let start = at(first.max(1) as usize - 1);
    start..at(last as usize).max(start)
}

fn idf(total: usize, found: usize) -> f32 {
    let (total, found) = (total as f32, found as f32);
    (1.0 + (total - found + 0.5) / (found + 0.5)).ln()
}

fn normalize(values: &mut [f32]) {
    let most = values.iter().copied().fold(0.0, f32::max);
    if most > 0.0 {
        values.iter_mut().for_each(|value| *value /= most);
    }
}

fn average_lengths(totals: &Totals, n_units: usize) -> [f32; FIELDS] {
    totals
        .unit_lengths
        .map(|sum| (sum as f64 / n_units.max(1) as f64).max(1.0) as f32)
}

fn role_weight(role: Role, is_test: bool, w: &Weights) -> f32 {
    match role {
        Role::Test => w.r_test,
        _ if is_test => w.r_test,
        Role::Source => 1.0,
        Role::Example => w.r_example,
        Role::Docs => w.r_docs,
        Role::Config => w.r_config,
        Role::Vendored => w.r_vendored,
        Role::Generated => w.r_generated,
    }
}

fn kind_weight(unit: &Unit, w: &Weights) -> f32 {
    match unit.kind {
        None => w.r_residual,
        Some(kind) if kind.is_callable() && unit.has_body => 1.0,
        Some(kind) if kind.is_callable() => w.r_bodyless,
        Some(SymbolKind::Module | SymbolKind::Namespace | SymbolKind::Package) => w.r_module,
        Some(kind) if kind.is_value() => w.r_value,
        Some(kind) if kind.is_member_data() => w.r_member,
        Some(_) => w.r_type,
    }
}

/// The files whose path ends like the one that a query names: those with the longest common
/// end, at least the file's name.
fn files_ending(store: &dyn Store, path: &str) -> Vec<u32> {
    let parts: Vec<&str> = path.rsplit('/').collect();
    let mut best = 0;
    let mut found = Vec::new();
    for idx in 0..store.n_files() {
        let file = store.file(idx);
        let common = file
            .path
            .rsplit('/')
            .zip(&parts)
            .take_while(|(a, b)| a == *b)
            .count();
        if common == 0 || common < best {
            continue;
        }
        if common > best {
            best = common;
            found.clear();
        }
        found.push(idx);
    }
    if best == 1 && found.len() > 8 {
        found.clear();
    }
    found
}

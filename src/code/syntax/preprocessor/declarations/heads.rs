//! The heads of functions, classes and variables: what in them is the preprocessor's business.

use super::*;

impl Cleaner<'_> {
    /// The class that `top` is the head of, with the token of its name; overwrites other words
    /// between `class` and the name.
    pub(super) fn class_head(&mut self, top: &[usize]) -> Option<Option<usize>> {
        let key = top
            .iter()
            .position(|idx| matches!(self.word(*idx), b"class" | b"struct" | b"union"))?;
        if top
            .iter()
            .any(|idx| self.word(*idx) == b"enum" || self.is(*idx, b'='))
        {
            return None;
        }
        let mut names: Vec<(usize, usize)> = Vec::new();
        let mut at = key + 1;
        while at < top.len() {
            let idx = top[at];
            match self.tokens[idx].kind {
                Kind::Word if self.word(idx) == b"final" => {}
                Kind::Word if WITH_ARGUMENTS.contains(&self.word(idx)) => {
                    at += usize::from(at + 1 < top.len() && self.is(top[at + 1], b'('));
                }
                Kind::Word => {
                    let mut end = idx + 1;
                    if at + 1 < top.len() && self.is(top[at + 1], b'(') {
                        at += 1;
                        end = self.mates[top[at]]? + 1;
                    }
                    names.push((idx, end));
                }
                Kind::Punct(b':') if at + 1 < top.len() && self.is(top[at + 1], b':') => {
                    names.pop();
                    at += 1;
                }
                Kind::Punct(b':') => break,
                Kind::Punct(b'<') => {
                    while at < top.len()
                        && !(self.is(top[at], b'>')
                            && (at + 1 == top.len() || !self.is(top[at + 1], b'>')))
                    {
                        at += 1;
                    }
                }
                Kind::Punct(b'[') => {}
                _ => return None,
            }
            at += 1;
        }
        let Some((name, end)) = names.pop() else {
            return Some(None);
        };
        if end > name + 1 {
            return None;
        }
        for (start, end) in names {
            self.kill(start, end);
        }
        Some(Some(name))
    }

    /// Overwrites macros in the head of a function.
    pub(super) fn head(&mut self, mut start: usize, at: usize, end: End) {
        loop {
            let top = self.top_level(start, at);
            let operator = top.iter().position(|idx| self.word(*idx) == b"operator");
            let follows_word = |idx: usize| {
                idx.checked_sub(1)
                    .is_some_and(|before| self.tokens[before].kind == Kind::Word)
            };
            let group = top
                .iter()
                .position(|idx| self.is(*idx, b'(') && follows_word(*idx));
            let group = group.filter(|group| *group > 0 && top[*group - 1] + 1 == top[*group]);
            if let Some(operator) = operator
                && group.is_none_or(|group| operator < group)
            {
                let converts = top
                    .get(operator + 1)
                    .is_some_and(|idx| self.tokens[*idx].kind == Kind::Word)
                    && !matches!(
                        top.get(operator + 1).map(|idx| self.word(*idx)),
                        Some(b"new" | b"delete" | b"co_await")
                    );
                let name = self.begin_of_name(&top, operator);
                self.spare_words(&top[..name], converts, true);
                // The parameters, not the `()` of `operator()`.
                let mut groups = (operator + 1..top.len()).filter(|at| self.is(top[*at], b'('));
                let calls = self.is(top[operator] + 1, b'(');
                if let Some(group) = groups.nth(usize::from(calls))
                    && let Some(mate) = self.mates[top[group]]
                {
                    self.trailing(&top[group..], mate, end);
                }
                return;
            }
            let Some(group) = group else { return };
            let called = group - 1;
            let Some(mate) = self.mates[top[group]] else {
                return;
            };
            if let Some(from) = self.prefix(&top, called, mate, at) {
                start = start.max(from);
                continue;
            }
            let name = self.begin_of_name(&top, called);
            let word = self.word(top[called]);
            let is_own =
                self.is_class_name(word) || (name < called && self.constructs(&top, name, called));
            let is_destructor = called > 0 && self.is(top[called - 1], b'~');
            self.spare_words(
                &top[..name],
                is_own || is_destructor,
                is_own || is_destructor,
            );
            self.trailing(&top[group..], mate, end);
            return;
        }
    }

    /// Whether the call at `called` is a macro in front of the head; overwrites it, returns
    /// where to look again.
    fn prefix(&mut self, top: &[usize], called: usize, mate: usize, at: usize) -> Option<usize> {
        let word = self.word(top[called]);
        if WITH_ARGUMENTS.contains(&word) {
            return Some(mate + 1);
        }
        let has_type = self
            .units(&top[..called])
            .iter()
            .any(|unit| unit.is_type || !is_macro(self.word(unit.start)));
        if has_type || self.is_class_name(word) {
            return None;
        }
        let rest: Vec<usize> = top.iter().copied().filter(|idx| *idx > mate).collect();
        let stop = rest.iter().position(|idx| {
            self.is(*idx, b':') && !self.is(idx + 1, b':') && !self.is(idx - 1, b':')
        });
        let stop = rest
            .iter()
            .position(|idx| self.is(*idx, b'='))
            .into_iter()
            .chain(stop)
            .min()
            .unwrap_or(rest.len());
        let rest = &rest[..stop];
        let next = *rest.first()?;
        if self.tokens[next].kind != Kind::Word || AFTER_PARAMETERS.contains(&self.word(next)) {
            return None;
        }
        let group = rest.iter().position(|idx| self.is(*idx, b'('));
        let operator = rest.iter().position(|idx| self.word(*idx) == b"operator");
        let name = group.into_iter().chain(operator).min()?;
        let words = rest[..name]
            .iter()
            .filter(|idx| self.tokens[**idx].kind == Kind::Word)
            .count();
        let pointed = rest[..name]
            .iter()
            .any(|idx| self.is(*idx, b'*') || self.is(*idx, b'&'));
        let start = top[called];
        if words <= 1 && !pointed && operator.is_none() {
            if is_macro(self.word(next)) {
                return None;
            }
            self.kill(start + 1, mate + 1);
        } else {
            self.kill(start, mate + 1);
        }
        Some((mate + 1).min(at))
    }

    /// Overwrites the words too many among those before the name of a function.
    fn spare_words(&mut self, before: &[usize], has_no_type: bool, macros_only: bool) {
        let units = self.units(before);
        let allowed = usize::from(!has_no_type && !units.iter().any(|unit| unit.is_type));
        let mut words: Vec<Unit> = units.into_iter().filter(|unit| !unit.is_type).collect();
        while words.len() > allowed {
            let found = words
                .iter()
                .position(|unit| is_macro(self.word(unit.start)));
            if found.is_none() && (macros_only || self.dialect.constructors && words.len() == 1) {
                return;
            }
            let unit = words.remove(found.unwrap_or(0));
            self.kill(unit.start, unit.end);
        }
    }

    /// The types and other words among `before`; specifiers, `*` and `&` are neither.
    fn units(&self, before: &[usize]) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::new();
        let mut at = 0;
        while at < before.len() {
            let idx = before[at];
            at += 1;
            if self.tokens[idx].kind != Kind::Word {
                continue;
            }
            let word = self.word(idx);
            let next = before.get(at).copied();
            let group = next.filter(|next| self.is(*next, b'('));
            let is_computed = matches!(word, b"decltype" | b"typeof" | b"__typeof__" | b"__typeof");
            if is_computed || PRIMITIVES.contains(&word) {
                units.push(Unit {
                    start: idx,
                    end: idx + 1,
                    is_type: true,
                });
            } else if TAGS.contains(&word) {
                units.push(Unit {
                    start: idx,
                    end: idx + 1,
                    is_type: true,
                });
                at = self.end_of_chain(before, at);
            } else if !SPECIFIERS.contains(&word) && !WITH_ARGUMENTS.contains(&word) {
                let end = self.end_of_chain(before, at.saturating_sub(1)).max(at);
                units.push(Unit {
                    start: idx,
                    end: before[end - 1] + 1,
                    is_type: end > at,
                });
                at = end;
            }
            at += usize::from(group.is_some() && before.get(at) == group.as_ref());
        }
        units
    }

    /// The end of `a::b<c>` that begins at `top[at]`.
    fn end_of_chain(&self, top: &[usize], mut at: usize) -> usize {
        loop {
            while at + 1 < top.len() && self.is(top[at], b':') && self.is(top[at + 1], b':') {
                at += 2;
            }
            if at >= top.len() || self.tokens[top[at]].kind != Kind::Word {
                return at;
            }
            at += 1;
            if at < top.len() && self.is(top[at], b'<') {
                let mut depth = 0;
                while at < top.len() {
                    depth += i32::from(self.is(top[at], b'<')) - i32::from(self.is(top[at], b'>'));
                    at += 1;
                    if depth == 0 {
                        break;
                    }
                }
            }
            if !(at + 1 < top.len() && self.is(top[at], b':') && self.is(top[at + 1], b':')) {
                return at;
            }
        }
    }

    /// Where the qualified name that ends at `top[last]` begins: `A<B>::c`.
    fn begin_of_name(&self, top: &[usize], last: usize) -> usize {
        let mut at = last;
        if at > 0 && self.is(top[at - 1], b'~') {
            at -= 1;
        }
        while at >= 2 && self.is(top[at - 1], b':') && self.is(top[at - 2], b':') {
            at -= 2;
            if at > 0 && self.is(top[at - 1], b'>') {
                let mut depth = 0;
                while at > 0 {
                    at -= 1;
                    depth += i32::from(self.is(top[at], b'>')) - i32::from(self.is(top[at], b'<'));
                    if depth == 0 {
                        break;
                    }
                }
            }
            if at > 0 && self.tokens[top[at - 1]].kind == Kind::Word {
                at -= 1;
            }
        }
        at
    }

    /// Whether `top[name..=called]` is `A::A` or `A<B>::A`.
    fn constructs(&self, top: &[usize], name: usize, called: usize) -> bool {
        let own = self.word(top[called]);
        top[name..called].iter().any(|idx| self.word(*idx) == own)
    }

    /// Overwrites macros between the parameters and the body.
    fn trailing(&mut self, top: &[usize], mate: usize, end: End) {
        let rest: Vec<usize> = top.iter().copied().filter(|idx| *idx > mate).collect();
        let mut at = 0;
        while at < rest.len() {
            let idx = rest[at];
            let group = rest
                .get(at + 1)
                .filter(|next| self.is(**next, b'('))
                .and_then(|next| self.mates[*next]);
            match self.tokens[idx].kind {
                Kind::Word if WITH_ARGUMENTS.contains(&self.word(idx)) => {
                    at += usize::from(group.is_some())
                }
                Kind::Word => {
                    let word = self.word(idx);
                    let is_any = end == End::Body
                        && !self.dialect.constructors
                        && !AFTER_PARAMETERS.contains(&word);
                    if is_macro(word) || is_any {
                        self.kill(idx, group.map_or(idx + 1, |mate| mate + 1));
                        at += usize::from(group.is_some());
                    }
                }
                Kind::Punct(b'&') => {}
                _ => return,
            }
            at += 1;
        }
    }

    /// Overwrites macros before a variable's name, and attributes between its name and its
    /// value: `CONST int a __used = 1;`.
    pub(super) fn variable(&mut self, top: &[usize]) {
        let ends = |idx: &usize| self.is(*idx, b'=') || self.is(*idx, b',') || self.is(*idx, b'[');
        let end = top.iter().position(ends).unwrap_or(top.len());
        let no_variable = |idx: &usize| {
            matches!(
                self.word(*idx),
                b"using" | b"namespace" | b"template" | b"friend"
            )
        };
        if top.iter().any(no_variable) {
            return;
        }
        if let Some(name) = top[..end]
            .iter()
            .rposition(|idx| self.tokens[*idx].kind == Kind::Word)
        {
            let name = self.begin_of_name(top, name);
            self.spare_words(&top[..name], false, true);
        }
        let end = top
            .iter()
            .position(|idx| self.is(*idx, b'='))
            .unwrap_or(top.len());
        let words: Vec<usize> = top[..end]
            .iter()
            .copied()
            .filter(|idx| self.tokens[*idx].kind == Kind::Word)
            .collect();
        if words.len() < 3 {
            return;
        }
        for idx in &words[2..] {
            let word = self.word(*idx);
            let follows_name = !self.tokens[*idx].dead && self.tokens[idx - 1].kind == Kind::Word
                || self.is(idx - 1, b']');
            if word.starts_with(b"__")
                && follows_name
                && !SPECIFIERS.contains(&word)
                && !WITH_ARGUMENTS.contains(&word)
            {
                self.kill(*idx, idx + 1);
            }
        }
    }
}

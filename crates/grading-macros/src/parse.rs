//! Reads the declarations of mutants.

use proc_macro::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};

use crate::Problem;

/// `name => check: function { "from" => "to" }`, or `name => check: Answers { … };`.
pub struct Declaration {
    pub docs: TokenStream,
    pub name: String,
    pub span: Span,
    pub check: String,
    pub check_span: Span,
    pub bug: Bug,
}

/// What is wrong with a mutant.
pub enum Bug {
    /// Passages of a function, or of the kernel that it returns, and what stands in their place.
    Edits { function: String, span: Span, edits: Vec<Edit> },
    /// An expression for the answers.
    Answers(TokenStream),
}

/// A passage and what stands in its place.
pub struct Edit {
    pub from: String,
    pub to: String,
    pub span: Span,
}

type Tokens = std::iter::Peekable<proc_macro::token_stream::IntoIter>;

/// All declarations behind `lesson_crate;`.
pub fn declarations(input: TokenStream) -> Result<(String, Vec<Declaration>), Problem> {
    let mut tokens = input.into_iter().peekable();
    let (lesson, _) = word(&mut tokens)?;
    mark(&mut tokens, ";")?;
    let mut found = Vec::new();
    while tokens.peek().is_some() {
        found.push(declaration(&mut tokens)?);
    }
    Ok((lesson, found))
}

fn declaration(tokens: &mut Tokens) -> Result<Declaration, Problem> {
    let mut docs = TokenStream::new();
    while matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == '#') {
        docs.extend(tokens.by_ref().take(2));
    }
    let (name, span) = word(tokens)?;
    mark(tokens, "=>")?;
    let (check, check_span) = word(tokens)?;
    mark(tokens, ":")?;
    let bug = bug(tokens)?;
    Ok(Declaration { docs, name, span, check, check_span, bug })
}

fn bug(tokens: &mut Tokens) -> Result<Bug, Problem> {
    let (function, span) = word(tokens)?;
    if let Some(TokenTree::Group(group)) = tokens.peek()
        && group.delimiter() == Delimiter::Brace
        && matches!(group.stream().into_iter().next(), Some(TokenTree::Literal(_)))
    {
        let edits = edits(group.stream())?;
        tokens.next();
        return Ok(Bug::Edits { function, span, edits });
    }
    let mut answers = TokenStream::from(TokenTree::from(proc_macro::Ident::new(&function, span)));
    for token in tokens {
        match token {
            TokenTree::Punct(p) if p.as_char() == ';' => break,
            token => answers.extend([token]),
        }
    }
    Ok(Bug::Answers(answers))
}

fn edits(stream: TokenStream) -> Result<Vec<Edit>, Problem> {
    let mut tokens = stream.into_iter().peekable();
    let mut edits = Vec::new();
    while tokens.peek().is_some() {
        let (from, _) = text(&mut tokens)?;
        mark(&mut tokens, "=>")?;
        let (to, span) = text(&mut tokens)?;
        edits.push(Edit { from, to, span });
        if tokens.peek().is_some() {
            mark(&mut tokens, ",")?;
        }
    }
    Ok(edits)
}

/// The one string that is given.
pub fn only_text(input: TokenStream) -> Result<String, Problem> {
    text(&mut input.into_iter().peekable()).map(|(text, _)| text)
}

fn word(tokens: &mut Tokens) -> Result<(String, Span), Problem> {
    match tokens.next() {
        Some(TokenTree::Ident(ident)) => Ok((ident.to_string(), ident.span())),
        other => Err(expected("a name", other)),
    }
}

fn mark(tokens: &mut Tokens, wanted: &str) -> Result<(), Problem> {
    for sign in wanted.chars() {
        match tokens.next() {
            Some(TokenTree::Punct(p)) if p.as_char() == sign => {}
            other => return Err(expected(&format!("`{wanted}`"), other)),
        }
    }
    Ok(())
}

fn text(tokens: &mut Tokens) -> Result<(String, Span), Problem> {
    match tokens.next() {
        Some(TokenTree::Literal(literal)) => {
            let span = literal.span();
            unquoted(&literal)
                .map(|text| (text, span))
                .ok_or_else(|| Problem::at(span, "expected a string, plain or raw"))
        }
        other => Err(expected("a string", other)),
    }
}

fn expected(what: &str, found: Option<TokenTree>) -> Problem {
    match found {
        Some(token) => Problem::at(token.span(), format!("expected {what}, found `{token}`")),
        None => Problem::new(format!("expected {what}, but the declarations end")),
    }
}

/// The value of a string literal.
fn unquoted(literal: &Literal) -> Option<String> {
    let text = literal.to_string();
    if let Some(raw) = text.strip_prefix('r') {
        let raw = raw.trim_matches('#');
        return Some(raw.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    let mut chars = text.strip_prefix('"')?.strip_suffix('"')?.chars().peekable();
    let mut value = String::new();
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next()? {
            'n' => value.push('\n'),
            't' => value.push('\t'),
            'r' => value.push('\r'),
            '0' => value.push('\0'),
            '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            'u' => {
                let digits: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                value.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
            }
            other => value.push(other),
        }
    }
    Some(value)
}

/// The same tokens, blamed on `span`.
pub fn located(tokens: TokenStream, span: Span) -> TokenStream {
    tokens.into_iter().map(|token| relocate(token, span)).collect()
}

fn relocate(token: TokenTree, span: Span) -> TokenTree {
    let mut token = match token {
        TokenTree::Group(group) => {
            TokenTree::Group(Group::new(group.delimiter(), located(group.stream(), span)))
        }
        other => other,
    };
    let at = token.span().located_at(span);
    token.set_span(at);
    token
}

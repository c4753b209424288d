//! Expressions such as `a * b + tanh(c)`, read onto a tape: for the demo, and for your own trials.

use std::fmt;

use crate::{Op, Tape, TapeError};

/// More operations than this are hard to look at.
pub const MAX_OPERATIONS: usize = 30;

/// Parentheses inside each other.
const MAX_DEPTH: usize = 40;

/// Functions by name.
const FUNCTIONS: [(&str, Op); 4] =
    [("exp", Op::Exp), ("ln", Op::Ln), ("tanh", Op::Tanh), ("relu", Op::Relu)];

/// A computation with names.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What was computed.
    pub tape: Tape,
    /// One name a node: a leaf is called as it was typed, the result of an operation `v1`, `v2`, …
    pub names: Vec<String>,
    /// The place of the result.
    pub output: usize,
}

impl Expression {
    /// `v1 = a × b`, or the name of a leaf; empty behind the end of the tape.
    pub fn spelled(&self, place: usize) -> String {
        let (Some(node), Some(name)) = (self.tape.nodes().get(place), self.names.get(place)) else {
            return String::new();
        };
        let inputs: Vec<String> = node.inputs.iter().map(|&i| self.names[i].clone()).collect();
        match node.op {
            Op::Leaf => name.clone(),
            op => format!("{name} = {}", op.spelled(&inputs)),
        }
    }
}

/// Which of the two texts is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The expression.
    Expression,
    /// The values of its variables.
    Values,
}

/// Why a text could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// In which of the texts.
    pub source: Source,
    /// What is wrong, where, and what to do.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}

/// Reads an expression of `+ - * / ^`, parentheses, numbers, variables, and the functions `exp`,
/// `ln`, `tanh` and `relu`, with values such as `a = 2, b = -3`, and computes it.
///
/// A variable is one leaf, however often it is used. `a^3` becomes `a · a · a`.
///
/// # Errors
/// [`ParseError`] says in which text something is wrong, at which character, and why.
pub fn parse(expression: &str, values: &str) -> Result<Expression, ParseError> {
    let mut parser = Parser {
        chars: expression.chars().collect(),
        at: 0,
        depth: 0,
        operations: 0,
        values: read_values(values)?,
        used: Vec::new(),
        tape: Tape::default(),
        names: Vec::new(),
    };
    let output = parser.sum()?;
    match parser.peek() {
        None => Ok(Expression { tape: parser.tape, names: parser.names, output }),
        Some(')') => parser.error("this parenthesis was never opened"),
        Some(_) => parser.error("an operator, + - * / or ^, should stand here"),
    }
}

fn read_values(text: &str) -> Result<Vec<(String, f64)>, ParseError> {
    let error = |message| Err(ParseError { source: Source::Values, message });
    let mut values: Vec<(String, f64)> = Vec::new();
    for part in text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let shown: String = part.chars().take(20).collect();
        let Some((name, number)) = part.split_once('=') else {
            return error(format!("“{shown}” is no value: write it like a = 2."));
        };
        let name = name.trim();
        if !name.starts_with(is_letter) || !name.chars().all(is_name) {
            return error(format!("“{shown}”: a name has letters from a to z, digits and _."));
        }
        let number = number.trim().replace('−', "-").parse::<f64>().ok();
        let Some(number) = number.filter(|x| x.abs() <= 1e6) else {
            return error(format!("“{shown}”: give a number from −1,000,000 to 1,000,000."));
        };
        if values.iter().any(|(known, _)| known == name) {
            return error(format!("“{shown}”: this name has a value already."));
        }
        values.push((name.to_owned(), number));
    }
    Ok(values)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
    operations: usize,
    values: Vec<(String, f64)>,
    /// Variables that have a leaf.
    used: Vec<(String, usize)>,
    tape: Tape,
    names: Vec<String>,
}

impl Parser {
    /// The next character that is no space; also in the signs of mathematics.
    fn peek(&mut self) -> Option<char> {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.chars.get(self.at).map(|&c| match c {
            '−' | '–' => '-',
            '×' | '·' | '⋅' => '*',
            '÷' => '/',
            c => c,
        })
    }

    fn error<T>(&self, message: impl fmt::Display) -> Result<T, ParseError> {
        let place = match self.chars.get(self.at) {
            Some(_) => format!("At character {}", self.at + 1),
            None => "At the end".to_owned(),
        };
        let message = format!("{place}: {message}.");
        Err(ParseError { source: Source::Expression, message })
    }

    fn apply(&mut self, op: Op, inputs: &[usize]) -> Result<usize, ParseError> {
        if self.operations == MAX_OPERATIONS {
            return self
                .error(format!("only {MAX_OPERATIONS} operations can be shown; shorten it"));
        }
        self.operations += 1;
        self.names.push(format!("v{}", self.operations));
        self.tape.apply(op, inputs).or_else(|e: TapeError| self.error(e))
    }

    fn leaf(&mut self, name: String, value: f64) -> usize {
        self.names.push(name);
        self.tape.leaf(value)
    }

    fn sum(&mut self) -> Result<usize, ParseError> {
        let mut left = self.product()?;
        while let Some(sign @ ('+' | '-')) = self.peek() {
            self.at += 1;
            let right = self.product()?;
            left = self.apply(if sign == '+' { Op::Add } else { Op::Sub }, &[left, right])?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<usize, ParseError> {
        let mut left = self.signed()?;
        while let Some(sign @ ('*' | '/')) = self.peek() {
            self.at += 1;
            let right = self.signed()?;
            left = self.apply(if sign == '*' { Op::Mul } else { Op::Div }, &[left, right])?;
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<usize, ParseError> {
        let mut negative = false;
        while let Some('-') = self.peek() {
            self.at += 1;
            negative = !negative;
        }
        let power = self.power()?;
        if negative { self.apply(Op::Neg, &[power]) } else { Ok(power) }
    }

    fn power(&mut self) -> Result<usize, ParseError> {
        let base = self.atom()?;
        let Some('^') = self.peek() else { return Ok(base) };
        self.at += 1;
        let Some(digit @ '1'..='9') = self.peek() else {
            return self.error("after ^ stands a whole number from 1 to 9");
        };
        self.at += 1;
        let mut power = base;
        for _ in '1'..digit {
            power = self.apply(Op::Mul, &[power, base])?;
        }
        match self.peek() {
            Some('0'..='9' | '.') => self.error("after ^ stands a whole number from 1 to 9"),
            Some('^') => self.error("a power of a power needs parentheses: (a^2)^3"),
            _ => Ok(power),
        }
    }

    fn atom(&mut self) -> Result<usize, ParseError> {
        match self.peek() {
            Some('(') => self.parenthesis(),
            Some('0'..='9' | '.') => self.number(),
            Some(c) if is_letter(c) => self.name(),
            Some(c) if is_name(c) || c == '=' || c == '+' || c == '*' || c == '/' || c == ')' => {
                self.error("a number, a variable or an opening parenthesis should stand here")
            }
            Some(_) => self.error(
                "this sign is not known: use + - * / ^ ( ), numbers, and names with letters from a \
                 to z",
            ),
            None => self.error("a number, a variable or an opening parenthesis is missing"),
        }
    }

    fn parenthesis(&mut self) -> Result<usize, ParseError> {
        if self.depth == MAX_DEPTH {
            return self.error(format!("more than {MAX_DEPTH} parentheses inside each other"));
        }
        self.depth += 1;
        self.at += 1;
        let inner = self.sum()?;
        let Some(')') = self.peek() else {
            return self.error("a closing parenthesis, ), should stand here");
        };
        self.at += 1;
        self.depth -= 1;
        Ok(inner)
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let taken: String =
            self.chars[self.at..].iter().copied().take_while(|&c| belongs(c)).collect();
        self.at += taken.chars().count();
        taken
    }

    fn number(&mut self) -> Result<usize, ParseError> {
        let start = self.at;
        let digits = self.take_while(|c| c.is_ascii_digit() || c == '.');
        match digits.parse::<f64>().ok().filter(|x| *x <= 1e6 && digits.len() <= 12) {
            Some(value) => Ok(self.leaf(digits, value)),
            None => {
                self.at = start;
                self.error(
                    "a number here has at most 12 digits, one point, and is at most 1,000,000",
                )
            }
        }
    }

    fn name(&mut self) -> Result<usize, ParseError> {
        let start = self.at;
        let name = self.take_while(is_name);
        if let Some(&(_, op)) = FUNCTIONS.iter().find(|(known, _)| *known == name) {
            let Some('(') = self.peek() else {
                return self.error(format!("after {name} stands an opening parenthesis"));
            };
            let input = self.parenthesis()?;
            return self.apply(op, &[input]);
        }
        if let Some((_, place)) = self.used.iter().find(|(used, _)| *used == name) {
            return Ok(*place);
        }
        if name.len() > 12 {
            self.at = start;
            return self.error("a name has at most 12 characters");
        }
        if let Some('(') = self.peek() {
            self.at = start;
            return self
                .error(format!("there is no function {name}: exp, ln, tanh and relu are known"));
        }
        let Some((_, value)) = self.values.iter().find(|(known, _)| *known == name) else {
            let message = format!("{name} has no value yet: add {name} = 1.");
            return Err(ParseError { source: Source::Values, message });
        };
        let place = self.leaf(name.clone(), *value);
        self.used.push((name, place));
        Ok(place)
    }
}

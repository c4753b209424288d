//! Random small kernels give the same in the interpreter and on the driver: whole numbers to the
//! bit, floating-point numbers within the tolerance of kernel checks.

use std::fmt::Write;

use gpu::Binding::{Read, ReadWrite};
use grading::random::seeded;
use grading::{Tolerance, expect_close, expect_eq};
use kernel_interpreter::{Buffer, Dispatch, Kernel};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

const KERNELS: u64 = 30;
const THREADS: u32 = 64;
const GROUPS: u32 = 2;

/// Writes kernels. Floating-point numbers stay positive, so that nothing cancels, and decide
/// nothing, so that the last digit of one cannot turn a branch.
struct Writer {
    rng: StdRng,
    out: String,
    depth: usize,
    loops: usize,
}

impl Writer {
    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of.choose(&mut self.rng).expect("it is not empty")
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}{text}", "    ".repeat(self.depth + 1));
    }

    /// Never a constant: what a compiler computes may not overflow.
    fn unsigned(&mut self, depth: u32) -> String {
        if depth == 0 || self.rng.random_bool(0.2) {
            return self.pick(&["u0", "u1", "u2", "thread", "v.x", "v.y", "table[u1 % 4u]"]).into();
        }
        let a = self.unsigned(depth - 1);
        match self.rng.random_range(0..12) {
            0 => format!("({a} + {})", self.unsigned(depth - 1)),
            1 => format!("({a} - {})", self.unsigned(depth - 1)),
            2 => format!("({a} * {})", self.unsigned(depth - 1)),
            3 => format!("({a} / {})", self.unsigned(depth - 1)),
            4 => format!("({a} % {})", self.unsigned(depth - 1)),
            5 => format!("({a} {} {})", self.pick(&["&", "|", "^"]), self.unsigned(depth - 1)),
            6 => format!("({a} {} {})", self.pick(&["<<", ">>"]), self.unsigned(depth - 1)),
            7 => format!("{}({a}, {})", self.pick(&["min", "max"]), self.unsigned(depth - 1)),
            8 => {
                let function =
                    ["countOneBits", "reverseBits", "firstLeadingBit", "countTrailingZeros"];
                format!("{}({a})", self.pick(&function))
            }
            9 => format!("select({a}, {}, {})", self.unsigned(depth - 1), self.truth(depth - 1)),
            10 => format!("bitcast<u32>({})", self.signed(depth - 1)),
            _ => format!("extractBits({a}, {}u, 9u)", self.rng.random_range(0..30)),
        }
    }

    fn signed(&mut self, depth: u32) -> String {
        if depth == 0 || self.rng.random_bool(0.2) {
            return self.pick(&["i0", "i1", "i32(thread)", "w.x"]).into();
        }
        let a = self.signed(depth - 1);
        match self.rng.random_range(0..11) {
            0 => format!("({a} + {})", self.signed(depth - 1)),
            1 => format!("({a} - {})", self.signed(depth - 1)),
            2 => format!("({a} * {})", self.signed(depth - 1)),
            3 => format!("({a} / {})", self.signed(depth - 1)),
            4 => format!("({a} % {})", self.signed(depth - 1)),
            5 => format!("({a} >> {})", self.unsigned(depth - 1)),
            6 => format!("abs({a})"),
            7 => format!("clamp({a}, -1000, 77)"),
            8 => format!("sign({a})"),
            9 => format!("i32({})", self.unsigned(depth - 1)),
            _ => format!("select({a}, -{a}, {})", self.truth(depth - 1)),
        }
    }

    fn truth(&mut self, depth: u32) -> String {
        let depth = depth.min(1);
        let compare = self.pick(&["<", "<=", ">", ">=", "==", "!="]);
        let both = match self.rng.random_bool(0.5) {
            true => [self.unsigned(depth), self.unsigned(depth)],
            false => [self.signed(depth), self.signed(depth)],
        };
        let one = format!("({} {compare} {})", both[0], both[1]);
        match self.rng.random_range(0..6) {
            0 if depth > 0 => format!("({one} && {})", self.truth(0)),
            1 if depth > 0 => format!("({one} || {})", self.truth(0)),
            2 => format!("!{one}"),
            _ => one,
        }
    }

    fn float(&mut self, depth: u32) -> String {
        if depth == 0 || self.rng.random_bool(0.2) {
            return self.pick(&["f0", "f1", "f2", "p.x", "p.z", "0.75f", "3.5f"]).into();
        }
        let a = self.float(depth - 1);
        match self.rng.random_range(0..10) {
            0 => format!("({a} + {})", self.float(depth - 1)),
            1 => format!("({a} * {})", self.float(depth - 1)),
            2 => format!("({a} / (1.0 + {}))", self.float(depth - 1)),
            3 => format!("{}({a}, {})", self.pick(&["min", "max"]), self.float(depth - 1)),
            4 => format!("sqrt({a})"),
            5 => format!("exp(-min({a}, 5.0))"),
            6 => format!("log(1.0 + {a})"),
            7 => format!("mix({a}, {}, 0.25)", self.float(depth - 1)),
            8 => format!("f32({} % 100u)", self.unsigned(1)),
            _ => format!("dot(p, vec3f({a}, 1.0, {}))", self.float(depth - 1)),
        }
    }

    fn assign(&mut self) {
        let text = match self.rng.random_range(0..7) {
            0 | 1 => {
                let to = self.pick(&["u0", "u1", "u2", "v.x", "v[u0 % 2u]", "table[u2 % 4u]"]);
                format!("{to} = {};", self.unsigned(3))
            }
            2 | 3 => {
                let to = self.pick(&["i0", "i1", "w.x", "w.y"]);
                format!("{to} = {};", self.signed(3))
            }
            4 => format!("p = clamp(p.zxy * {}, vec3f(0.01), vec3f(100.0));", self.float(1)),
            5 => "u0 = stir(u0, &i1);".into(),
            _ => {
                let to = self.pick(&["f0", "f1", "f2", "p.x", "p.y"]);
                format!("{to} = clamp({}, 0.01, 1000.0);", self.float(3))
            }
        };
        self.line(&text);
    }

    fn statements(&mut self, count: usize) {
        for _ in 0..count {
            match self.rng.random_range(0..10) {
                0 | 1 if self.depth < 3 => {
                    let condition = self.truth(1);
                    self.line(&format!("if {condition} {{"));
                    self.nested(2);
                    self.line("} else {");
                    self.nested(1);
                    self.line("}");
                }
                2 | 3 if self.depth < 2 => {
                    let i = format!("k{}", self.loops);
                    self.loops += 1;
                    let times = self.rng.random_range(1..6);
                    self.line(&format!("for (var {i} = 0u; {i} < {times}u; {i}++) {{"));
                    self.nested(2);
                    let condition = self.truth(1);
                    let leave = self.pick(&["break", "continue"]);
                    self.line(&format!("    if {condition} {{ {leave}; }}"));
                    self.nested(1);
                    self.line("}");
                }
                4 if self.depth < 2 => {
                    let selector = self.unsigned(1);
                    self.line(&format!("switch {selector} % 4u {{"));
                    for case in ["case 0u, 2u", "case 3u", "default"] {
                        self.line(&format!("{case}: {{"));
                        self.nested(1);
                        self.line("}");
                    }
                    self.line("}");
                }
                5 if self.depth == 0 => self.reduce(),
                _ => self.assign(),
            }
        }
    }

    fn nested(&mut self, count: usize) {
        self.depth += 1;
        self.statements(count);
        self.depth -= 1;
    }

    /// A tree over a workgroup.
    fn reduce(&mut self) {
        let (shared, value) = if self.rng.random_bool(0.5) { ("su", "u1") } else { ("sf", "f1") };
        let (a, b) = (format!("{shared}[thread]"), format!("{shared}[thread + half]"));
        let combine = match (shared, self.rng.random_range(0..3)) {
            (_, 0) => format!("max({a}, {b})"),
            ("su", 1) => format!("{a} * 3u + {b}"),
            ("su", _) => format!("{a} ^ {b}"),
            (_, 1) => format!("({a} + {b}) * 0.5"),
            _ => format!("sqrt({a} * {b})"),
        };
        self.line(&format!("{shared}[thread] = {value};"));
        self.line("for (var half = 32u; half > 0u; half /= 2u) {");
        self.line("    workgroupBarrier();");
        self.line(&format!("    if thread < half {{ {shared}[thread] = {combine}; }}"));
        self.line("}");
        self.line("workgroupBarrier();");
        self.line(&format!("{value} = {shared}[0];"));
        self.line("workgroupBarrier();");
    }
}

fn write_kernel(seed: u64) -> String {
    let mut writer = Writer { rng: seeded(seed), out: String::new(), depth: 0, loops: 0 };
    writer.out = "\
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> whole: array<vec4u>;
var<workgroup> su: array<u32, 64>;
var<workgroup> sf: array<f32, 64>;
var<private> calls: u32 = 0u;

fn stir(x: u32, y: ptr<function, i32>) -> u32 {
    calls += 1u;
    if x % 3u == 0u {
        *y += 7;
        return x / 3u + calls;
    }
    *y = -*y;
    return 3u * x + 1u;
}

@compute @workgroup_size(64)
fn main(
    @builtin(local_invocation_index) thread: u32,
    @builtin(global_invocation_id) id: vec3u,
) {
    var f0 = a[id.x];
    var f1 = a[(id.x + 1u) % 128u];
    var f2 = 1.5;
    var p = vec3f(f0, f1, 0.5);
    var u0 = b[id.x];
    var u1 = b[127u - id.x];
    var u2 = thread;
    var v = vec2u(u0, u1);
    var i0 = bitcast<i32>(u0);
    var i1 = -i32(thread);
    var w = vec2i(i0, i1);
    var table = array<u32, 4>(1u, u0, 2u, u1);
"
    .into();
    writer.statements(9);
    writer.out += "
    floats[id.x] = f0 + f1 + f2 + dot(p, p);
    whole[id.x] = vec4u(
        u0 ^ (u1 * 3u) ^ (u2 * 5u), v.x ^ v.y, bitcast<u32>(i0 ^ i1 ^ w.x ^ w.y),
        table[0] ^ table[1] ^ table[2] ^ table[3] ^ calls,
    );
}
";
    writer.out
}

async fn both(seed: u64) -> Result<(), String> {
    let wgsl = write_kernel(seed);
    let fault = |what: String| format!("seed {seed}: {what}\n{wgsl}");
    let count = (THREADS * GROUPS) as usize;
    let mut rng = seeded(seed ^ 0x5eed);
    let a: Vec<f32> = (0..count).map(|_| rng.random_range(0.1..4.0)).collect();
    // Small numbers, large ones, and zeros.
    let b: Vec<u32> = (0..count).map(|_| rng.next_u32() >> (rng.next_u32() % 33).min(31)).collect();

    let kernel = Kernel::new(&wgsl, "main").map_err(|no| fault(no.to_string()))?;
    let buffers = vec![
        Buffer::input(0, &a),
        Buffer::words(1, b.clone()),
        Buffer::output(2, count),
        Buffer::output(3, 4 * count),
    ];
    let dispatch = Dispatch { seed, ..Dispatch::new(buffers, [GROUPS, 1, 1]) };
    let report = kernel.run(&dispatch).map_err(|no| fault(no.to_string()))?;
    if let Some(finding) = report.findings.first() {
        return Err(fault(finding.to_string()));
    }

    let gpu = gpu::shared().await.map_err(|no| no.to_string())?;
    let bindings = [Read, Read, ReadWrite, ReadWrite];
    let compiled = gpu.compile(&wgsl, "main", &bindings).await;
    let compiled = compiled.map_err(|no| fault(no.to_string()))?;
    let (x, y) = (gpu.upload(&a), gpu.upload(&b));
    let (floats, whole) = (gpu.zeros::<f32>(count), gpu.zeros::<u32>(4 * count));
    let ran = gpu.run(&compiled, &[&x, &y, &floats, &whole], [GROUPS, 1, 1]).await;
    ran.map_err(|no| fault(no.to_string()))?;
    let whole = gpu.read(&whole).await.map_err(|no| no.to_string())?;
    expect_eq("whole numbers", &report.buffers[3], &whole)
        .map_err(|no| fault(no.message().into()))?;
    let floats = gpu.read(&floats).await.map_err(|no| no.to_string())?;
    let want: Vec<f64> = floats.iter().map(|&x| x.into()).collect();
    expect_close("numbers", &[count], &report.f32s(2), &want, Tolerance::WGSL)
        .map_err(|no| fault(no.message().into()))
}

#[test]
fn random_kernels_give_the_same_as_on_the_driver() {
    for seed in 0..KERNELS {
        if let Err(fault) = pollster::block_on(both(seed)) {
            panic!("{fault}");
        }
    }
}

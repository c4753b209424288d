//! The way forward and back through a model with pairs, pass by pass.

use gpu::{Buffer, rows_grid};
use gpu_training::solution::block_backward;
use gpu_training::{Linear, Norm, Of, Pass};
use small_gpt::{Layer, Place, Sizes};

use crate::kernels::{Passes, Shared};
use crate::model::{self, Frozen};
use crate::pairs::Pairs;

/// What a block keeps for the way back.
struct Kept {
    /// By [`Of`], those that are kept.
    vectors: Vec<Buffer<f32>>,
    weights: Buffer<f32>,
    moments: [Buffer<f32>; 2],
}

/// Rooms for slopes: `Of::Dx`, `Of::Narrow`, `Of::Wide`; and for those of a pair, in between.
struct Rooms {
    slopes: [Buffer<f32>; 3],
    low: [Buffer<f32>; 2],
    /// Along the scores of attention.
    scores: Buffer<f32>,
}

/// A model with its pairs, and what a step reads and leaves.
pub struct Plan<'a> {
    pub passes: Passes<'a>,
    model: &'a Frozen,
    pairs: &'a Pairs,
    sizes: Sizes,
    texts: usize,
    seq: usize,
}

/// What a step is told, and what comes out.
pub struct Ends {
    pub ids: Buffer<u32>,
    /// In which row each text asks.
    pub asked: Buffer<u32>,
    /// The tokens that follow there.
    pub answers: Buffer<u32>,
    /// What the slopes along the logits are multiplied with, and how many those are.
    pub share: Buffer<[u32; 4]>,
    pub logits: Buffer<f32>,
    pub losses: Buffer<f32>,
    /// So many of the passes are the way forward, up to the losses.
    pub forward: usize,
}

/// The answer of a text that is not there.
pub const IGNORE: u32 = u32::MAX;

impl<'a> Plan<'a> {
    pub fn new(
        passes: Passes<'a>,
        (model, pairs): (&'a Frozen, &'a Pairs),
        sizes: Sizes,
        [texts, seq]: [usize; 2],
    ) -> Self {
        Self { passes, model, pairs, sizes, texts, seq }
    }

    fn rows(&self) -> usize {
        self.texts * self.seq
    }

    /// How many scores attention has, with those behind a query.
    fn scores(&self) -> usize {
        self.texts * self.sizes.n_head * self.seq * self.seq
    }

    fn kept(&self, x: Buffer<f32>) -> Kept {
        let n_embd = self.sizes.n_embd;
        let (rows, room) = (self.rows(), |len| self.passes.room(len));
        let mut vectors: Vec<_> =
            [1, 1, 3, 1, 1, 1, 4, 4].map(|wide| room(rows * wide * n_embd)).into();
        vectors[Of::X as usize] = x;
        let weights = room(self.scores());
        Kept { vectors, weights, moments: [room(2 * rows), room(2 * rows)] }
    }

    /// A whole step, but for the update.
    pub fn step(&mut self) -> Ends {
        let Sizes { n_layer, n_embd, vocab_size, .. } = self.sizes;
        let (rows, texts, gpu) = (self.rows(), self.texts, self.passes.gpu);
        let (ids, asked, answers) = (gpu.zeros(rows), gpu.zeros(texts), gpu.zeros(texts));
        let mut x = self.passes.room(rows * n_embd);
        let tables = [&ids as &dyn Shared, &self.model.tokens[0], &self.model.positions, &x];
        self.passes.elements("embed", &tables, [rows, self.seq, n_embd, 0], rows * n_embd);
        let mut blocks = Vec::new();
        for block in 0..n_layer {
            let out = self.passes.room(rows * n_embd);
            let kept = self.kept(std::mem::replace(&mut x, out));
            self.block(block, &kept, &x);
            blocks.push(kept);
        }
        // Only what is asked goes on: rows are looked up as embeddings are, with positions of 0.
        let room = |len| gpu.zeros::<f32>(len);
        let [last, normed, back, dx] = [(); 4].map(|()| room(texts * n_embd));
        let (nowhere, moments) = (room(n_embd), room(2 * texts));
        let tables = [&asked as &dyn Shared, &x, &nowhere, &last];
        self.passes.elements("embed", &tables, [texts, 1, n_embd, 0], texts * n_embd);
        let norm = &self.model.last_norm;
        self.norm([&last, &normed, &moments], norm, texts);
        let [logits, unscaled, slopes] = [(); 3].map(|()| room(texts * vocab_size));
        let [tokens, turned] = &self.model.tokens;
        self.passes.product([texts, n_embd, vocab_size], [&normed, turned, &logits]);
        let losses = room(texts);
        let dims = self.passes.sizes([texts, vocab_size, IGNORE as usize, 0]);
        let buffers: [&dyn Shared; 5] = [&logits, &answers, &losses, &unscaled, &dims];
        self.passes.bind("cross_entropy", &buffers, rows_grid(texts));
        let forward = self.passes.len();

        let share = self.passes.sizes([0; 4]);
        self.passes.scaled([&self.pairs.numbers, &self.pairs.scaled], &self.pairs.scale);
        self.passes.scaled([&unscaled, &slopes], &share);
        self.passes.product([texts, vocab_size, n_embd], [&slopes, tokens, &back]);
        self.passes.zero([texts, n_embd], &dx, &nowhere);
        self.norm_back([&last, &norm[0], &moments, &back, &dx], texts);
        let rooms = Rooms {
            slopes: [1, 1, 4].map(|wide| room(rows * wide * n_embd)),
            low: [(); 2].map(|()| room(rows * self.pairs.rank)),
            scores: room(self.scores()),
        };
        // And back to where it was looked up.
        self.passes.zero([rows, n_embd], &rooms.slopes[0], &nowhere);
        let table = [&asked as &dyn Shared, &dx, &rooms.slopes[0]];
        let sizes = [texts, rows, n_embd, 0];
        self.passes.elements("embedding_backward", &table, sizes, rows * n_embd);
        self.back(&blocks, &rooms);
        Ends { ids, asked, answers, share, logits, losses, forward }
    }

    fn block(&mut self, block: usize, kept: &Kept, out: &Buffer<f32>) {
        let of = |of: Of| &kept.vectors[of as usize];
        let Sizes { n_head, n_embd, .. } = self.sizes;
        let (rows, frozen) = (self.rows(), self.model);
        let [ln_1, ln_2] = &frozen.blocks[block].norms;
        let at = |layer| Place { block, layer };
        self.norm([of(Of::X), of(Of::Normed), &kept.moments[0]], ln_1, rows);
        self.linear(at(Layer::Attn), [of(Of::Normed), of(Of::Qkv)], None);
        let buffers = [of(Of::Qkv) as &dyn Shared, &kept.weights, of(Of::Found)];
        let heads = [self.texts, self.seq, n_head, n_embd / n_head];
        // It has 64 threads a workgroup, a quarter of what is counted with.
        self.passes.elements("causal_attention", &buffers, heads, 4 * rows * n_head);
        let x = Some(of(Of::X));
        self.linear(at(Layer::AttnProj), [of(Of::Found), of(Of::Mid)], x);
        self.norm([of(Of::Mid), of(Of::NormedMid), &kept.moments[1]], ln_2, rows);
        self.linear(at(Layer::Fc), [of(Of::NormedMid), of(Of::Inside)], None);
        let n = of(Of::Inside).len();
        let buffers = [of(Of::Inside) as &dyn Shared, of(Of::Bent)];
        self.passes.elements("gelu", &buffers, [n, 0, 0, 0], n);
        self.linear(at(Layer::FcProj), [of(Of::Bent), out], Some(of(Of::Mid)))
    }

    fn norm(
        &mut self,
        [x, y, moments]: [&Buffer<f32>; 3],
        [gain, shift]: &model::Norm,
        rows: usize,
    ) {
        let buffers = [x as &dyn Shared, gain, shift, y, moments];
        self.passes.elements("layer_norm", &buffers, [rows, self.sizes.n_embd, 0, 0], 4 * rows)
    }

    /// `y = x W + b`, or `y = from + x W + b`, and what the layer's pair adds.
    fn linear(&mut self, place: Place, [x, y]: [&Buffer<f32>; 2], from: Option<&Buffer<f32>>) {
        let rows = self.rows();
        let layer = &self.model.blocks[place.block].linears[place.layer as usize];
        let [inputs, outputs] = layer.sizes;
        self.passes.product([rows, inputs, outputs], [x, &layer.weight, y]);
        let adds = usize::from(from.is_some());
        let buffers = [&layer.bias as &dyn Shared, from.unwrap_or(&layer.bias), y];
        let sizes = [rows, outputs, adds, 0];
        self.passes.elements("add_bias", &buffers, sizes, rows * outputs);
        let pair = self.pairs.of(place, &self.pairs.numbers).zip(self.pairs.uniforms(place));
        let Some(([a, b], uniforms)) = pair else { return };
        let [sizes, factor] = uniforms.map(|of| self.passes.gpu.uniform(&of));
        self.passes.bind(lora::ENTRY, &[x, &a, &b, y, &sizes, &factor], rows_grid(rows))
    }

    /// `x`, the gain, the moments, `dy` and `dx` of a norm.
    fn norm_back(&mut self, buffers: [&Buffer<f32>; 5], rows: usize) {
        let sizes = self.passes.sizes([rows, self.sizes.n_embd, 0, 0]);
        let [x, gain, moments, dy, dx] = buffers;
        let buffers: [&dyn Shared; 6] = [x, gain, moments, dy, dx, &sizes];
        self.passes.bind("layer_norm_backward", &buffers, rows_grid(rows))
    }

    /// Back through all blocks, down to the lowest pair.
    fn back(&mut self, blocks: &[Kept], rooms: &Rooms) {
        let passes = block_backward();
        for (block, kept) in blocks.iter().enumerate().rev() {
            for pass in &passes {
                self.pass_back(*pass, block, kept, rooms);
                let Pass::Linear { of, .. } = pass else { continue };
                if (Place { block, layer: layer(*of) }) == self.pairs.lowest() {
                    return;
                }
            }
        }
    }

    fn pass_back(&mut self, pass: Pass, block: usize, kept: &Kept, rooms: &Rooms) {
        let buffer = |of: Of| match of {
            Of::Dx => &rooms.slopes[0],
            Of::Narrow => &rooms.slopes[1],
            Of::Wide => &rooms.slopes[2],
            of => &kept.vectors[of as usize],
        };
        let Sizes { n_head, n_embd, .. } = self.sizes;
        let (rows, frozen) = (self.rows(), self.model);
        match pass {
            Pass::Linear { of, x, dy, dx } => {
                let place = Place { block, layer: layer(of) };
                self.linear_back(place, [x, dy, dx].map(buffer), &rooms.low)
            }
            Pass::Gelu { x, slopes } => {
                let n = rows * 4 * n_embd;
                let buffers = [buffer(x) as &dyn Shared, buffer(slopes)];
                self.passes.elements("gelu_backward", &buffers, [n, 0, 0, 0], n)
            }
            Pass::LayerNorm { of, x, dy, dx } => {
                let of = usize::from(of == Norm::Ln2);
                let gain = &frozen.blocks[block].norms[of][0];
                let [x, dy, dx] = [x, dy, dx].map(buffer);
                self.norm_back([x, gain, &kept.moments[of], dy, dx], rows)
            }
            Pass::Attention { dfound, dqkv } => {
                let heads = [self.texts, self.seq, n_head, n_embd / n_head];
                let (qkv, weights, scores) = (buffer(Of::Qkv), &kept.weights, &rooms.scores);
                let [found, dfound, dqkv] = [Of::Found, dfound, dqkv].map(buffer);
                let buffers = [qkv as &dyn Shared, weights, found, dfound, scores];
                let threads = self.scores();
                self.passes.elements("score_slopes", &buffers, heads, threads);
                let buffers = [qkv as &dyn Shared, weights, scores, dfound, dqkv];
                let threads = rows * 3 * n_embd;
                self.passes.elements("attention_slopes", &buffers, heads, threads)
            }
        }
    }

    /// The slopes along a layer's input, and those along its pair:
    ///
    /// ```text
    /// dB = dyᵀ (x (s A)ᵀ)      dA = (dy (s B))ᵀ x      dx = dy Wᵀ + (dy (s B)) A
    /// ```
    fn linear_back(
        &mut self,
        place: Place,
        [x, dy, dx]: [&Buffer<f32>; 3],
        [xa, low]: &[Buffer<f32>; 2],
    ) {
        let (rows, rank, pairs) = (self.rows(), self.pairs.rank, self.pairs);
        let linear = &self.model.blocks[place.block].linears[place.layer as usize];
        let [inputs, outputs] = linear.sizes;
        let is_lowest = place == pairs.lowest();
        if !is_lowest {
            self.passes.product([rows, outputs, inputs], [dy, &linear.turned, dx]);
        }
        let [numbers, scaled, slopes] =
            [&pairs.numbers, &pairs.scaled, &pairs.gradient].map(|of| pairs.of(place, of));
        let (Some([a, _]), Some([sa, sb]), Some([da, db])) = (numbers, scaled, slopes) else {
            return;
        };
        let to = &mut self.passes;
        let rows_of = |cols: usize| [cols, 1];
        let columns_of = |cols: usize| [1, cols];
        to.strided([rows, inputs, rank], (x, rows_of(inputs)), (&sa, columns_of(inputs)), xa, 0);
        to.strided([outputs, rows, rank], (dy, columns_of(outputs)), (xa, rows_of(rank)), &db, 0);
        to.strided([rows, outputs, rank], (dy, rows_of(outputs)), (&sb, rows_of(rank)), low, 0);
        to.strided([rank, rows, inputs], (low, columns_of(rank)), (x, rows_of(inputs)), &da, 0);
        if is_lowest {
            return;
        }
        to.strided([rows, rank, inputs], (low, rows_of(rank)), (&a, rows_of(inputs)), dx, 1)
    }
}

fn layer(of: Linear) -> Layer {
    match of {
        Linear::Attn => Layer::Attn,
        Linear::AttnProj => Layer::AttnProj,
        Linear::Fc => Layer::Fc,
        Linear::FcProj => Layer::FcProj,
    }
}

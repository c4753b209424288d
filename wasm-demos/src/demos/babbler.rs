// A model of counts writes: where it copies, and where its counts run out.

use demo::control::{Slider, Typed};
use demo::{Context, Demo, DemoError, Device, Start, View};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokenization::fast::Encoder;
use tokenization::{PROSE, sample_vocab};

const ORDER: Slider =
    Slider { name: "order", label: "Order", default: 3.0, min: 1.0, max: 6.0, step: 1.0 };

pub fn demo() -> Demo {
    Demo {
        name: "babbler",
        title: "The babbler",
        lesson: "what-an-llm-is",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![ORDER.control()],
        run: |cx| Box::pin(run(cx)),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let bpe = sample_vocab(1024)?;
    let tokens = Encoder::new(&bpe).encode(PROSE);
    let model = subject::fit(&tokens, cx.get(&ORDER)? as usize, bpe.vocab_size())?;
    let written = subject::generate(&model, &[], 80, &mut StdRng::seed_from_u64(1));
    let text: String = written.iter().map(|&id| bpe.spelled(id)).collect();
    cx.show("80 tokens.", &[View::Prose(vec![text])]);
    Ok(())
}

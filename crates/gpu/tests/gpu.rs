//! The layer on the machine's own adapter: results, diagnostics, limits, endless kernels.

use gpu::Binding::{Read, ReadWrite, Uniform};
use gpu::{Gpu, GpuError};
use pollster::block_on;

fn device() -> Gpu {
    block_on(gpu::shared()).expect("a GPU driver; Debian: apt-get install mesa-vulkan-drivers")
}

#[test]
fn a_kernel_reads_buffers_and_uniforms() {
    let gpu = device();
    let source = "
        @group(0) @binding(0) var<storage, read> x: array<f32>;
        @group(0) @binding(1) var<storage, read_write> y: array<f32>;
        @group(0) @binding(2) var<uniform> scale: vec4f;
        @compute @workgroup_size(64)
        fn main(@builtin(global_invocation_id) id: vec3u) {
            if id.x < arrayLength(&x) { y[id.x] = scale.y * x[id.x]; }
        }";
    let result = block_on(async {
        let kernel = gpu.compile(source, "main", &[Read, ReadWrite, Uniform]).await?;
        let (x, y) = (gpu.upload(&[1.0_f32, 2.0, 3.0]), gpu.zeros::<f32>(3));
        gpu.run(&kernel, &[&x, &y, &gpu.uniform(&[0.0_f32, 2.5, 0.0, 0.0])], [1, 1, 1]).await?;
        gpu.read::<f32>(&y).await
    });
    assert_eq!(result, Ok(vec![2.5, 5.0, 7.5]));
}

#[test]
fn what_is_timed_runs_as_often_as_told() {
    let gpu = device();
    let source = "
        @group(0) @binding(0) var<storage, read_write> x: array<f32>;
        @compute @workgroup_size(64)
        fn main(@builtin(global_invocation_id) id: vec3u) {
            for (var i = 0u; i < 1000u; i += 1u) { x[id.x] += 1.0; }
        }";
    block_on(async {
        let kernel = gpu.compile(source, "main", &[ReadWrite]).await?;
        let x = gpu.zeros::<f32>(64 * 64);
        let start = std::time::Instant::now();
        let timing = gpu.time(&kernel, &[&x], [64, 1, 1], 5).await?;
        let wall = start.elapsed().as_secs_f64();
        assert!(timing.seconds > 0.0 && timing.seconds <= wall, "{timing:?} of {wall} s");
        assert_eq!(gpu.read(&x).await?, [5000.0; 64 * 64]);
        Ok::<(), GpuError>(())
    })
    .unwrap();
}

#[test]
fn a_device_that_computes_is_alive() {
    assert!(block_on(device().is_alive()));
}

#[test]
fn an_error_at_the_first_character_is_in_line_1() {
    let Err(GpuError::Compile(diagnostics)) = block_on(device().compile("?", "main", &[])) else {
        panic!("this does not compile");
    };
    assert_eq!((diagnostics[0].line, diagnostics[0].column), (1, 1), "{diagnostics:?}");
}

#[test]
fn a_compile_error_names_line_and_column() {
    let source = "@compute @workgroup_size(1)\nfn main() {\n  let é = 1; lt x = 2;\n}";
    let Err(GpuError::Compile(diagnostics)) = block_on(device().compile(source, "main", &[]))
    else {
        panic!("this does not compile");
    };
    assert_eq!((diagnostics[0].line, diagnostics[0].column), (3, 17), "{diagnostics:?}");
}

#[test]
fn more_threads_than_webgpu_guarantees_are_refused_natively_too() {
    let source = "@compute @workgroup_size(512) fn main() {}";
    let error = block_on(device().compile(source, "main", &[])).unwrap_err();
    assert!(matches!(error, GpuError::Invalid(_) | GpuError::Compile(_)), "{error:?}");
}

#[test]
fn a_compile_error_quotes_the_source() {
    let source = "@compute @workgroup_size(1)\nfn main() {\n  let one: u32 = 1.5;\n}";
    let error = block_on(device().compile(source, "main", &[])).unwrap_err().to_string();
    assert!(error.contains("let one: u32 = 1.5;"), "{error}");
}

#[test]
fn an_invalid_function_is_told_with_its_reason() {
    let source = "@compute @workgroup_size(1)\nfn main() {\n  if 1u { return; }\n}";
    let error = block_on(device().compile(source, "main", &[])).unwrap_err().to_string();
    assert!(error.contains("not a boolean"), "{error}");
}

#[test]
fn a_missing_entry_point_is_named() {
    for source in ["fn main() {}", "@compute @workgroup_size(1) fn other() {} // fn main"] {
        let error = block_on(device().compile(source, "main", &[])).unwrap_err();
        assert!(error.to_string().contains("no entry point `main`: keep"), "{error}");
    }
}

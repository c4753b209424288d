fn main() {
    study_demos::serve(study_demos::modules::softmax_sampling);
}

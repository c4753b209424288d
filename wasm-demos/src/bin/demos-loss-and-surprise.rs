fn main() {
    study_demos::serve(study_demos::modules::loss_and_surprise);
}

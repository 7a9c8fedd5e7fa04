pragma circom 2.0.0;

// Asserts stop the calculator, and nobody else.
template AgeBuggy() {
    signal input age;
    signal input limit;
    signal output squared;

    squared <== age * age;
    assert(age == limit);
}

template AgeFixed() {
    signal input age;
    signal input limit;
    signal output squared;

    squared <== age * age;
    // Age is the limit.
    age === limit;
}

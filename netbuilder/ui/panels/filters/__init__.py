"""The filters of a layer as they form, live or from the checkpoints of a recorded run; `wall` is what the Training tab shows."""

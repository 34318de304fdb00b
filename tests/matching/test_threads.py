import threading

import pytest

from matching.threads import beside


def test_tasks_of_one_thread_are_done_one_after_the_other():
    done = []
    assert beside(1, lambda: done.append("first"), lambda: done.append("second")) == [None, None]
    assert done == ["first", "second"]


def test_one_task_is_done_in_this_thread():
    assert beside(8, threading.get_ident) == [threading.get_ident()]


def test_tasks_are_done_beside_each_other_and_the_first_in_this_thread():
    both = threading.Barrier(2, timeout=30)

    def task():
        both.wait()
        return threading.get_ident()

    first, second = beside(2, task, task)
    assert first == threading.get_ident() != second


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_error_of_a_task_is_raised_once_all_have_ended(failing):
    ended = []

    def task(number):
        ended.append(number)
        if number == failing:
            raise MemoryError(f"too much in {number}")

    with pytest.raises(MemoryError, match=f"too much in {failing}"):
        beside(3, *(lambda number=number: task(number) for number in range(3)))
    assert sorted(ended) == [0, 1, 2]

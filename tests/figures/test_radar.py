"""The shape of a city, and where its words stand."""

from figures.layout.radar import radar
from tests.figures.test_bars import row


def shapes(drawing, style):
    return [shape for shape in drawing.shapes if shape.style == style]


def test_a_radar_reaches_its_rim_where_everything_is_proven():
    drawn = radar([row(10, 10, 10), row(5, 10, 10), row(0, 0, 10), row(5, 20, 10)])

    [rim] = shapes(drawn, "radar__ring radar__ring--outer")
    [evidenced], [claimed] = shapes(drawn, "radar__evidenced"), shapes(drawn, "radar__claimed")
    assert rim.points == ((210, 53), (322, 165), (210, 277), (98, 165))
    assert evidenced.points == ((210, 53), (266, 165), (210, 165), (154, 165))
    assert claimed.points == ((210, 53), (322, 165), (210, 165), (98, 165))


def test_words_stand_outside_the_radar_and_a_long_one_is_broken():
    drawn = radar([row(1, 1, 1, "Kecamatan dan desa/kelurahan"), *[row(1, 1, 1)] * 3])

    first, second, *others = shapes(drawn, "radar__label")
    assert [first.anchor, *(word.anchor for word in others)] == ["middle", "start", "middle", "end"]
    assert [first.text, second.text] == ["Kecamatan dan", "desa/kelurahan"]
    assert second.y < 53

"""Summarize a large picture: one box per binding, with the number of its operations."""

from __future__ import annotations

from adcli.draw.picture import Edge, Flow, Node, Picture


def summarize(picture: Picture, most: int) -> Picture:
    """Return a picture of at most `most` boxes: the bindings, the inputs and the results.

    If there are more of these, all operations share one box. Every operation belongs to the first binding or result
    that needs it.

    >>> from adcli.draw.picture import Edge, Node, Picture
    >>> nodes = [Node(0, "input", "x"), Node(1, "operation", "sin"), Node(2, "operation", "cos", "u")]
    >>> nodes.append(Node(3, "result", "+"))
    >>> small = summarize(Picture(nodes, [Edge(0, 1), Edge(1, 2), Edge(2, 3), Edge(0, 3)], ""), 3)
    >>> [(node.label or node.title, node.title) for node in small.nodes]
    [('x', 'x'), ('u', '2 operations'), ('+', '+')]
    """
    users: dict[int, list[int]] = {}
    for edge in picture.edges:
        users.setdefault(edge.source, []).append(edge.target)
    owner: dict[int, int] = {}
    for node in reversed(picture.nodes):
        if node.kind in ("result", "input") or node.label is not None or node.key not in users:
            owner[node.key] = node.key
        else:
            owner[node.key] = min(owner[user] for user in users[node.key])
    counts: dict[int, int] = {}
    for node in picture.nodes:
        if node.kind in ("operation", "result"):
            counts[owner[node.key]] = counts.get(owner[node.key], 0) + 1
    kept_boxes = [node for node in picture.nodes if owner[node.key] == node.key and node.kind != "constant"]
    if len(kept_boxes) > most:
        return _all_in_one(picture, counts)
    boxes = [
        node._replace(title=count_text(counts[node.key]), formula=None) if counts.get(node.key, 1) > 1 else node
        for node in kept_boxes
    ]
    present = {node.key for node in kept_boxes}
    links: dict[tuple[int, int], Flow | None] = {}
    for edge in picture.edges:
        link = owner[edge.source], owner[edge.target]
        if link[0] != link[1] and link[0] in present:
            links[link] = _add_flows(links.get(link), edge.flow)
    edges = [Edge(source, target, flow=flow) for (source, target), flow in links.items()]
    return picture._replace(nodes=boxes, edges=edges)


def _add_flows(total: Flow | None, flow: Flow | None) -> Flow | None:
    """Return the flow along an arrow that stands for several."""
    if total is None or flow is None:
        return flow or total
    return Flow(total.size + flow.size, total.net + flow.net)


def count_text(count: int) -> str:
    """Return a number of operations in words.

    >>> count_text(12345)
    '12 345 operations'
    """
    return f"{count:,} operation{'s' * (count != 1)}".replace(",", " ")


def _all_in_one(picture: Picture, counts: dict[int, int]) -> Picture:
    inputs = [node for node in picture.nodes if node.kind == "input"]
    results = [node for node in picture.nodes if node.kind == "result"]
    count = sum(counts.values()) - len(results)
    input_title = inputs[0].title if len(inputs) == 1 else f"{len(inputs):,} inputs".replace(",", " ")
    boxes = [Node(0, "input", input_title), Node(1, "operation", count_text(count))]
    ends = [node._replace(key=2 + i) for i, node in enumerate(results[:1])]
    if len(results) > 1:
        ends = [Node(2, "result", f"{len(results):,} results".replace(",", " "))]
    return Picture([*boxes, *ends], [Edge(0, 1), Edge(1, 2)], picture.title)

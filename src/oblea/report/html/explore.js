(() => {
  const at = (id) => document.getElementById(id);
  const g = JSON.parse(at("grid").textContent), lang = document.documentElement.lang;
  const n = g.axes.map((a) => a.points.length);
  const digits = (x, most, least) => new Intl.NumberFormat(lang, {
    minimumFractionDigits: least ?? most, maximumFractionDigits: most, useGrouping: "always",
  }).format(x);
  const figures = (x, k) => digits(Number(x.toPrecision(k)), 10, 0);
  const usd = (x) => x >= 5e11 ? digits(x / 1e12, 1) + " " + g.words.trillion
    : figures(x / 1e9, 2) + " " + g.words.billion;
  const percent = (p) => p < 0.005 ? "< 1 %" : p > 0.995 ? "> 99 %" : Math.round(100 * p) + " %";
  const show = {
    absorbed: usd,
    delivered: (x) => g.aim === "fabs" ? figures(x, 3) : digits(x, 1) + " GW",
    returned: (x) => g.words.dollars.replace("{x}", digits(x, 2)),
  };
  const place = (k) => {
    const v = Number(at("s" + k).value), i = Math.min(Math.floor(v), n[k] - 2);
    return [i, v - i];
  };
  const along = (points, [i, f]) => points[i] ** (1 - f) * points[i + 1] ** f;
  const update = () => {
    const p = [0, 1, 2].map(place), out = new Array(g.cells[0].length).fill(0);
    for (let c = 0; c < 8; c++) {
      const bit = [c & 1, (c >> 1) & 1, (c >> 2) & 1];
      const weight = bit.reduce((w, b, k) => w * (b ? p[k][1] : 1 - p[k][1]), 1);
      if (weight === 0) continue;
      const [i, j, k] = bit.map((b, a) => p[a][0] + b);
      g.cells[(i * n[1] + j) * n[2] + k].forEach((v, m) => { out[m] += weight * v; });
    }
    const values = g.axes.map((a, k) => along(a.points, p[k]));
    const times = along(g.axes[2].factors, p[2]);
    at("o0").textContent = values[0] >= 1e12 ? figures(values[0] / 1e12, 3) + " " + g.words.trillion
      : figures(values[0] / 1e9, 3) + " " + g.words.billion;
    at("o1").textContent = figures(100 * values[1], 2) + " %";
    at("o2").textContent = usd(values[2]) + g.words.year;
    Object.keys(show).forEach((key, m) => {
      const [low, mid, high] = out.slice(3 * m, 3 * m + 3).map(show[key]);
      at("m-" + key).textContent = mid;
      at("r-" + key).textContent = low + g.words.to + high;
      at("c-" + key).textContent = percent(out[9 + m]);
    });
    at("c-joint").textContent = percent(out[12]);
    at("exact").textContent = "oblea run " + g.scenario
      + ' --set "programme.pledge=' + Number(values[0].toPrecision(3)) / 1e9 + ' billion USD"'
      + ' --set "newcomer.share=' + Number((100 * values[1]).toPrecision(3)) + ' %"'
      + " --set market.users.times=" + Number(times.toPrecision(3));
  };
  [0, 1, 2].forEach((k) => at("s" + k).addEventListener("input", update));
  update();
})();

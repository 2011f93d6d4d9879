/* <bar-chart> and <line-chart>: ECharts on a canvas, in the page's own colours. data-chart is JSON:
   {labels, unit: "count" | "money" | "percent", stacked,
    series: [{name, values, colour, kind?: "bar" | "line", second?: true, strong?: [indexes]}]}
   `colour` is a token ("brand-solid", "lost"); `second` puts a series on the right axis, in percent; the bars not in
   `strong` are drawn in the soft colour. The element is an image for screen readers: its label and the table below
   it say the same. */
const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
const brush = canvas.getContext("2d", { willReadFrequently: true });

/* ECharts reads neither oklch() nor light-dark(): one painted pixel tells which colour a token is now. */
function token(name, from) {
  const probe = document.createElement("span");
  probe.style.color = `var(--op-${name})`;
  from.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
  return `rgb(${red},${green},${blue})`;
}

const write = {
  count: new Intl.NumberFormat("pt-BR"),
  money: new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL", notation: "compact", maximumFractionDigits: 2 }),
  percent: { format: (value) => `${new Intl.NumberFormat("pt-BR", { maximumFractionDigits: 1 }).format(value)}%` },
};

class BarChart extends HTMLElement {
  kind = "bar";
  #chart = null;
  #resized = new ResizeObserver(() => this.#chart?.resize());
  #themed = new MutationObserver(() => this.#draw());
  #system = matchMedia("(prefers-color-scheme: dark)");
  #redraw = () => this.#draw();

  async connectedCallback() {
    await import("../../../vendor/echarts/dist/echarts.common.min.js");
    await document.fonts.ready;
    if (!this.isConnected) return;
    this.#draw();
    this.#resized.observe(this);
    this.#themed.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
    this.#system.addEventListener("change", this.#redraw);
  }

  disconnectedCallback() {
    this.#resized.disconnect();
    this.#themed.disconnect();
    this.#system.removeEventListener("change", this.#redraw);
    this.#chart?.dispose();
    this.#chart = null;
  }

  #draw() {
    this.#chart?.dispose();
    const data = JSON.parse(this.dataset.chart);
    this.#chart = globalThis.echarts.init(this, null, { renderer: "canvas" });
    this.#chart.setOption(this.#options(data));
  }

  #options(data) {
    const [ink, soft, line] = ["ink-2", "ink-3", "line"].map((name) => token(name, this));
    const number = write[data.unit] ?? write.count;
    const axis = (format) => ({ type: "value", splitNumber: 3, splitLine: { lineStyle: { color: line } }, axisLabel: { color: soft, fontSize: 11, formatter: (value) => format.format(value) } });
    const second = data.series.some((one) => one.second);
    const narrow = this.clientWidth < 420;
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(this).fontFamily },
      grid: { left: 4, right: 4, top: data.series.length > 1 ? 34 : 14, bottom: 4, containLabel: true },
      legend: { show: data.series.length > 1, top: 0, right: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: ink, fontSize: 11 } },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true },
      xAxis: { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink, fontSize: 11, interval: narrow ? "auto" : 0, hideOverlap: true, rotate: narrow ? 40 : 0, width: 84, overflow: "break" } },
      yAxis: [axis(number), ...(second ? [{ ...axis(write.percent), min: 0, max: 100, interval: 50, splitLine: { show: false } }] : [])],
      series: data.series.map((one) => this.#series(one, data, number)),
    };
  }

  #series(one, data, number) {
    const kind = one.kind ?? this.kind;
    const colour = token(one.colour ?? "brand-solid", this);
    const weak = one.strong && token(`${(one.colour ?? "brand-solid").replace("-solid", "")}-line`, this);
    const format = one.second ? write.percent : number;
    return {
      name: one.name,
      type: kind,
      yAxisIndex: one.second ? 1 : 0,
      stack: data.stacked && kind === "bar" ? "all" : undefined,
      data: one.values.map((value, at) => (weak && !one.strong.includes(at) ? { value, itemStyle: { color: weak } } : value)),
      tooltip: { valueFormatter: (value) => (value == null ? "" : format.format(value)) },
      itemStyle: { color: colour, borderRadius: kind === "bar" && !data.stacked ? [4, 4, 0, 0] : 0 },
      ...(kind === "bar" ? { barMaxWidth: 48 } : { symbolSize: 5, lineStyle: { color: colour, width: 2 } }),
    };
  }
}

class LineChart extends BarChart {
  kind = "line";
}

customElements.define("bar-chart", BarChart);
customElements.define("line-chart", LineChart);

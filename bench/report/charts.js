// Draws the charts of a report from the JSON beside it. Texts go into canvases
// only, never into the document.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const phone = matchMedia('(max-width: 40rem)');
  const dark = matchMedia('(prefers-color-scheme: dark)');

  const css = name =>
      getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // The defaults are grey and rocktune is blue on every page.
  const others =
      (data.contestants ||
       []).filter(name => name !== 'defaults' && name !== 'rocktune');
  const colourOf = name => css(
      name === 'defaults'     ? '--soft' :
          name === 'rocktune' ? '--series-0' :
                                '--series-' + (1 + others.indexOf(name) % 7));

  const kVerdicts = {
    kept: '--kept',
    better: '--kept',
    regressed: '--regressed',
    worse: '--regressed',
    failed: '--regressed',
    no_gain: '--no_gain',
    inconclusive: '--inconclusive',
    aborted: '--aborted'
  };
  const verdictColour = verdict =>
      css(Object.hasOwn(kVerdicts, verdict) ? kVerdicts[verdict] : '--no_gain');
  const isKept = trial => trial.verdict === 'kept';

  const short = number => {
    if (number === null || number === undefined) return '-';
    for (const [unit, name] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
      if (Math.abs(number) >= unit) {
        return +(number / unit).toPrecision(3) + name;
      }
    }
    return String(+number.toPrecision(3));
  };
  const shortUs = us => us >= 1e6 ? +(us / 1e6).toPrecision(3) + ' s' :
      us >= 1e3                   ? +(us / 1e3).toPrecision(3) + ' ms' :
                                    +us.toPrecision(3) + ' us';
  const percent = effect => effect === null ?
      '' :
      (effect >= 0 ? '+' : '') + (100 * effect).toFixed(1) + ' %';

  // Lines of a tooltip, which does not wrap by itself.
  const wrapped = text => {
    const lines = [''];
    for (const word of text.split(' ')) {
      const line = lines[lines.length - 1];
      if (line && line.length + word.length > 44)
        lines.push(word);
      else
        lines[lines.length - 1] = line ? line + ' ' + word : word;
    }
    return lines.map(line => line.slice(0, 90));
  };

  // On a logarithmic axis only 1, 2 and 5 times a power of ten have a label.
  const isRound = value => {
    const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
    return [1, 2, 5].some(round => Math.abs(digit - round) < 1e-6);
  };
  const axis = (more = {}) => ({
    grid: {color: css('--line')},
    border: {color: css('--line')},
    ...more,
    ticks: {color: css('--soft'), maxRotation: 0, ...more.ticks},
    title: {display: false, color: css('--soft'), ...more.title}
  });
  const logAxis = (show, more = {}) => axis({
    type: 'logarithmic',
    ...more,
    ticks:
        {callback: value => isRound(value) ? show(value) : null, ...more.ticks}
  });
  const legend = () => ({
    position: 'bottom',
    labels: {
      color: css('--fg'),
      boxWidth: 12,
      boxHeight: 12,
      padding: 8,
      filter: item => item.text !== 'trials'
    }
  });
  const common = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false
  };

  const barChart = canvas => {
    const {workloads, rows} = data.bars[+canvas.dataset.bars];
    canvas.parentElement.style.height =
        60 + workloads.length * (18 + 11 * rows.length) + 'px';
    const base = rows.find(row => row.contestant === 'defaults');
    return new Chart(canvas, {
      type: 'bar',
      data: {
        labels: workloads,
        datasets: rows.map(row => ({
                             label: row.contestant,
                             data: row.ops,
                             categoryPercentage: .8,
                             barPercentage: .95,
                             backgroundColor: colourOf(row.contestant)
                           }))
      },
      options: {
        ...common,
        indexAxis: 'y',
        scales: {x: logAxis(short), y: axis({grid: {display: false}})},
        plugins: {
          legend: legend(),
          tooltip: {
            callbacks: {
              label: item => {
                const against = base && base.ops[item.dataIndex];
                return item.dataset.label + ': ' + short(item.raw) + ' ops/s' +
                    (against && item.dataset.label !== 'defaults' ? ', ' +
                             (item.raw / against).toFixed(2) + ' x defaults' :
                                                                    '');
              }
            }
          }
        }
      }
    });
  };

  // Marks of one run's trials, on an axis of their own; one row a contestant.
  const marks = (run, row) => ({
    type: 'scatter',
    label: 'trials',
    yAxisID: 'marks',
    trials: run.trials,
    data: run.trials.map(
        trial => ({x: (trial.begin + trial.end) / 2, y: 0.95 - 0.08 * row})),
    pointStyle: run.trials.map(t => isKept(t) ? 'circle' : 'crossRot'),
    radius: run.trials.map(t => isKept(t) ? 5 : 4),
    hoverRadius: 7,
    borderWidth: 2,
    clip: false,
    borderColor: run.trials.map(t => verdictColour(t.verdict)),
    backgroundColor: run.trials.map(t => verdictColour(t.verdict))
  });

  const bands = trials => ({
    id: 'bands',
    beforeDatasetsDraw: chart => {
      const {ctx, chartArea: area, scales: {x}} = chart;
      ctx.save();
      ctx.globalAlpha = .13;
      for (const trial of trials) {
        const left = Math.max(area.left, x.getPixelForValue(trial.begin));
        const right = Math.min(area.right, x.getPixelForValue(trial.end));
        ctx.fillStyle = verdictColour(trial.verdict);
        ctx.fillRect(
            left, area.top, Math.max(1, right - left), area.bottom - area.top);
      }
      ctx.restore();
    }
  });

  const kKinds = {
    ops: {title: 'operations per s', show: short, log: false},
    read: {title: 'read p99', show: shortUs, log: true},
    write: {title: 'write p99', show: shortUs, log: true}
  };

  const tooltip = (runs, kind) => ({
    callbacks: {
      title: items => items.length === 0 ? '' :
          items[0].dataset.trials        ? '' :
                                           Math.round(items[0].parsed.x) + ' s',
      label: item => {
        if (!item.dataset.trials) {
          return item.dataset.label + ': ' + kind.show(item.parsed.y);
        }
        const trial = item.dataset.trials[item.dataIndex];
        return [
          trial.verdict + ' ' + percent(trial.effect) + ', ' +
              Math.round(trial.begin) + ' to ' + Math.round(trial.end) + ' s',
          ...wrapped(trial.what)
        ];
      }
    }
  });

  // A click on the legend hides a contestant in all charts of its card.
  const hideEverywhere = (event, item, own) => {
    const card = own.chart.canvas.closest('.card');
    for (const canvas of card.querySelectorAll('canvas')) {
      const chart = Chart.getChart(canvas);
      if (!chart) continue;
      chart.data.datasets.forEach((set, i) => {
        if (set.label === item.text) {
          chart.setDatasetVisibility(i, !chart.isDatasetVisible(i));
        }
      });
      chart.update();
    }
  };

  const timeSeries = canvas => {
    const runs = data.places[+canvas.dataset.place];
    const kind = kKinds[canvas.dataset.kind];
    const values = run => run[canvas.dataset.kind];
    const shown = runs.filter(run => values(run).some(y => y !== null));
    if (shown.length === 0) return canvas.parentElement.remove();
    const isFirst = canvas.dataset.kind === 'ops';
    const tried = runs.filter(run => run.trials.length > 0);
    const lines =
        shown.map(run => ({
                    label: run.contestant,
                    borderColor: colourOf(run.contestant),
                    backgroundColor: colourOf(run.contestant),
                    pointRadius: 0,
                    pointHitRadius: 6,
                    borderWidth: run.contestant === 'rocktune' ? 2 : 1.3,
                    data: values(run).map((y, i) => ({x: run.at[i], y}))
                  }));
    const y = (kind.log ? logAxis : (show, more) => axis({
                                      beginAtZero: true,
                                      grace: '20%',
                                      ...more,
                                      ticks: {callback: value => show(value)}
                                    }))(
        kind.show, {title: {display: true, text: kind.title}});
    y.afterFit = scale => {
      scale.width = 72;
    };
    return new Chart(canvas, {
      type: 'line',
      data: {datasets: [...lines, ...(isFirst ? tried.map(marks) : [])]},
      options: {
        ...common,
        interaction: {mode: 'nearest', intersect: false},
        scales: {
          x: axis({
            type: 'linear',
            min: 0,
            max: Math.max(...runs.flatMap(run => run.at)),
            ticks: {callback: value => value + ' s', maxTicksLimit: 8}
          }),
          y,
          ...(isFirst && {
            marks: {axis: 'y', type: 'linear', display: false, min: 0, max: 1}
          })
        },
        plugins: {
          legend: isFirst ? {...legend(), onClick: hideEverywhere} :
                            {display: false},
          tooltip: tooltip(runs, kind)
        }
      },
      plugins: [bands(tried.length > 0 ? tried[0].trials : [])]
    });
  };

  const stepsChart = canvas => {
    const {labels, ops, verdicts, changes} = data.steps;
    return new Chart(canvas, {
      type: 'bar',
      data: {
        labels,
        datasets: [{
          label: 'throughput',
          data: ops,
          maxBarThickness: 60,
          backgroundColor: verdicts.map(
              v => v === 'start' ? css('--soft') :
                  v === 'final'  ? css('--series-0') :
                                   verdictColour(v))
        }]
      },
      options: {
        ...common,
        scales: {
          x: axis({grid: {display: false}}),
          y: axis({beginAtZero: true, ticks: {callback: value => short(value)}})
        },
        plugins: {
          legend: {display: false},
          tooltip: {
            callbacks: {
              label: item =>
                  [short(item.raw) + ' ops/s, ' + verdicts[item.dataIndex],
                   ...wrapped(changes[item.dataIndex])]
            }
          }
        }
      }
    });
  };

  const draw = canvas => canvas.dataset.bars !== undefined ? barChart(canvas) :
      canvas.dataset.steps !== undefined ? stepsChart(canvas) :
                                           timeSeries(canvas);

  // A matrix has hundreds of charts: the first are drawn at once, the others
  // when they come into sight.
  const kAtOnce = 24;
  const drawn = new Set();
  const drawOnce = canvas => {
    if (drawn.has(canvas)) return;
    drawn.add(canvas);
    draw(canvas);
  };
  const watcher = new IntersectionObserver(entries => {
    for (const {isIntersecting, target} of entries) {
      if (isIntersecting) drawOnce(target);
    }
  }, {rootMargin: '400px'});
  document.querySelectorAll('canvas').forEach((canvas, i) => {
    if (i < kAtOnce)
      drawOnce(canvas);
    else
      watcher.observe(canvas);
  });
  // Colours are in the canvases: they follow the page only when drawn anew.
  for (const query of [dark, phone]) {
    query.addEventListener('change', () => {
      for (const canvas of drawn) {
        Chart.getChart(canvas)?.destroy();
        if (canvas.isConnected) draw(canvas);
      }
    });
  }
})();

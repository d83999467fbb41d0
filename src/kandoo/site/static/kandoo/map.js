/* Draws each <div class="k-map" data-map …> with Leaflet: areas, labels that never overlap, points.
   What it reads is told in templates/components/map.html. Nothing is loaded from outside. */
(function () {
  "use strict";

  const persian = document.documentElement.lang.startsWith("fa");
  const MANY = window.innerWidth < 600 ? 60 : 200;

  const figure = function (value) {
    return new Intl.NumberFormat(persian ? "fa-IR" : "en").format(value);
  };
  const keyOf = function (feature) {
    const has = feature.properties || {};
    return String(feature.id || has.id || has.code || has.key || has.name_en || has.name || "");
  };
  const nameOf = function (feature) {
    const has = feature.properties || {};
    return (persian ? has.name_fa : has.name_en) || has.name || has.name_fa || has.name_en || "";
  };

  function ringArea(ring) {
    let sum = 0;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      sum += (ring[j][0] - ring[i][0]) * (ring[j][1] + ring[i][1]);
    }
    return Math.abs(sum / 2);
  }

  function inside(ring, x, y) {
    let is = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) is = !is;
    }
    return is;
  }

  /* The middle of the widest stretch of the largest ring: a place where a label stands well. */
  function labelPlace(feature) {
    const shape = feature.geometry;
    const rings = (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates).map((one) => one[0]);
    const ring = rings.reduce((best, one) => (ringArea(one) > ringArea(best) ? one : best));
    const ys = ring.map((place) => place[1]);
    const low = Math.min(...ys);
    const high = Math.max(...ys);
    let best = { width: -1 };
    for (let step = 3; step <= 13; step++) {
      const y = low + ((high - low) * step) / 16;
      const cuts = [];
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [xi, yi] = ring[i];
        const [xj, yj] = ring[j];
        if (yi > y !== yj > y) cuts.push(((xj - xi) * (y - yi)) / (yj - yi) + xi);
      }
      cuts.sort((a, b) => a - b);
      for (let i = 0; i + 1 < cuts.length; i += 2) {
        const width = (cuts[i + 1] - cuts[i]) * (1 - Math.abs(step - 8) / 16);
        if (width > best.width) best = { width, x: (cuts[i] + cuts[i + 1]) / 2, y };
      }
    }
    return { at: L.latLng(best.y, best.x), size: ringArea(ring), ring };
  }

  /* Nothing, then four groups of about equally many areas. */
  function shades(values) {
    const sorted = Object.values(values).filter((value) => value > 0).sort((a, b) => a - b);
    const cuts = [0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
    const shade = (value) => (!(value > 0) ? 0 : 1 + cuts.filter((cut) => value > cut).length);
    const groups = [1, 2, 3, 4].map((one) => sorted.filter((value) => shade(value) === one));
    return { shade, groups };
  }

  function legend(element, groups) {
    const list = document.createElement("ul");
    list.className = "k-legend";
    const line = function (shade, words) {
      const item = document.createElement("li");
      item.innerHTML = '<svg viewBox="0 0 18 18" aria-hidden="true"><rect class="k-area-' + shade + '" x="1" y="1" width="16" height="16" rx="3"/></svg>';
      item.append(words);
      list.append(item);
    };
    if (element.dataset.unit) {
      const item = document.createElement("li");
      item.textContent = element.dataset.unit;
      list.append(item);
    }
    line(0, figure(0));
    groups.forEach(function (group, place) {
      if (!group.length) return;
      const low = figure(group[0]);
      const high = figure(group[group.length - 1]);
      line(place + 1, low === high ? low : persian ? low + " تا " + high : low + " to " + high);
    });
    element.after(list);
  }

  function popupOf(point, words) {
    const box = document.createElement("div");
    const title = document.createElement("strong");
    title.textContent = point.title || "";
    box.append(title);
    if (point.text) {
      const text = document.createElement("p");
      text.textContent = point.text;
      box.append(text);
    }
    if (point.url) {
      const line = document.createElement("p");
      const link = document.createElement("a");
      link.href = point.url;
      link.textContent = words.open || point.title;
      line.append(link);
      box.append(line);
    }
    return box;
  }

  function overlaps(a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  /* Largest areas first; a label that would leave the map or touch another stays away. */
  function arrange(map, labels) {
    const frame = map.getContainer().getBoundingClientRect();
    const taken = [...map.getContainer().querySelectorAll(".leaflet-bar, .k-pin-many b")].map((one) => one.getBoundingClientRect());
    labels.forEach(function (label) {
      const element = label.getElement();
      if (!element) return;
      const box = element.firstElementChild.getBoundingClientRect();
      const fits =
        box.left >= frame.left + 2 && box.right <= frame.right - 2 && box.top >= frame.top + 2 && box.bottom <= frame.bottom - 2;
      const free = fits && !taken.some((other) => overlaps(box, other));
      element.classList.toggle("is-hidden", !free);
      if (free) taken.push(box);
    });
  }

  function pin(point, words) {
    const mark = point.mark ? " k-pin-" + point.mark : "";
    const marker = L.marker([point.lat, point.lon], {
      icon: L.divIcon({ className: "k-pin" + mark, iconSize: [24, 24], html: "<i></i>" }),
      title: point.title || "",
      alt: point.title || "",
    });
    return marker.bindPopup(function () {
      return popupOf(point, words);
    }, { autoPanPadding: [60, 24] });
  }

  function areaOf(point, places) {
    if (point.area) return String(point.area);
    const found = places.find((place) => inside(place.ring, point.lon, point.lat));
    return found ? found.key : "";
  }

  /* Above 200 points (60 on a phone), one mark with a count for each area until the map is
     near enough or the mark was pressed. */
  function drawPoints(map, points, places, words) {
    const layer = L.layerGroup().addTo(map);
    const single = function (some) {
      some.forEach((point) => pin(point, words).addTo(layer));
    };
    if (points.length <= MANY) return single(points);
    const groups = new Map();
    points.forEach(function (point) {
      const key = areaOf(point, places);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(point);
    });
    const opened = new Set();
    const start = map.getZoom();
    const draw = function () {
      if (map.getZoom() <= start) opened.clear();
      layer.clearLayers();
      map.getContainer().classList.remove("k-map-counted");
      const view = map.getBounds().pad(0.2);
      const seen = points.filter((point) => view.contains([point.lat, point.lon]));
      if (seen.length <= MANY) return single(seen);
      map.getContainer().classList.add("k-map-counted");
      groups.forEach(function (some, key) {
        if (opened.has(key)) return single(some);
        const bounds = L.latLngBounds(some.map((point) => [point.lat, point.lon]));
        const place = places.find((one) => one.key === key);
        const label = (place ? place.name + ": " : "") + figure(some.length);
        L.marker(place ? place.at : bounds.getCenter(), {
          icon: L.divIcon({ className: "k-pin k-pin-many", iconSize: [44, 44], html: "<b>" + figure(some.length) + "</b>" }),
          title: label,
          alt: label,
        })
          .on("click keypress", function () {
            opened.add(key);
            map.fitBounds(bounds.pad(0.1), { maxZoom: 11 });
          })
          .addTo(layer);
      });
    };
    map.on("moveend", draw);
    draw();
  }

  async function fetched(address) {
    if (!address) return null;
    const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(address);
    return answer.json();
  }

  async function draw(element) {
    const words = { open: element.dataset.wordOpen, zoomIn: element.dataset.wordIn, zoomOut: element.dataset.wordOut };
    const map = L.map(element, { zoomControl: false, zoomSnap: 0.25, scrollWheelZoom: false, attributionControl: false });
    map.setView([33.4, 48.6], 7);
    map.createPane("names").classList.add("k-names");
    L.control.zoom({ position: persian ? "topright" : "topleft", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    L.control
      .attribution({ prefix: false, position: persian ? "bottomleft" : "bottomright" })
      .addAttribution(element.dataset.attribution)
      .addTo(map);
    const holder = element.dataset.values && document.getElementById(element.dataset.values);
    const measure = holder ? JSON.parse(holder.textContent) : null;
    const [areas, given] = await Promise.all([fetched(element.dataset.areas), fetched(element.dataset.points)]);
    const points = Array.isArray(given) ? given : (given && given.points) || [];
    const places = [];
    const labels = [];
    let bounds = null;

    if (areas) {
      const scale = measure ? shades(measure.values) : null;
      if (scale) legend(element, scale.groups);
      const layer = L.geoJSON(areas, {
        style: (feature) => ({
          className: "k-area" + (scale ? " k-area-" + scale.shade(measure.values[keyOf(feature)]) : "") + (feature.properties.url ? " k-area-link" : ""),
          weight: 1,
        }),
        onEachFeature: function (feature, shape) {
          const key = keyOf(feature);
          places.push(Object.assign({ key, name: nameOf(feature) }, labelPlace(feature)));
          const text = measure && ((measure.texts || {})[key] || (key in measure.values ? figure(measure.values[key]) : ""));
          if (text || feature.properties.url) {
            shape.bindPopup(() => popupOf({ title: nameOf(feature), text, url: feature.properties.url }, words));
          }
        },
      }).addTo(map);
      bounds = layer.getBounds();
      places.sort((a, b) => b.size - a.size);
      places.forEach(function (place) {
        const name = document.createElement("span");
        name.textContent = place.name;
        labels.push(
          L.marker(place.at, {
            icon: L.divIcon({ className: "k-area-label", iconSize: [0, 0], html: name }),
            interactive: false,
            keyboard: false,
            pane: "names",
          }).addTo(map)
        );
      });
    }
    if (!bounds && points.length) bounds = L.latLngBounds(points.map((point) => [point.lat, point.lon]));
    const fit = function () {
      if (bounds) map.fitBounds(bounds, { padding: [12, 12], maxZoom: 12, animate: false });
    };
    fit();
    if (bounds) map.setMaxBounds(bounds.pad(0.5));
    if (points.length) drawPoints(map, points, places, words);
    const tidy = () => arrange(map, labels);
    map.on("zoomend moveend", tidy);
    let width = element.clientWidth;
    new ResizeObserver(function () {
      map.invalidateSize({ animate: false });
      if (element.clientWidth !== width) {
        width = element.clientWidth;
        fit();
      }
      tidy();
    }).observe(element);
    if (document.fonts) document.fonts.ready.then(tidy);
    tidy();
    element.dataset.ready = "1";
  }

  document.querySelectorAll("[data-map]").forEach(function (element) {
    draw(element).catch(function () {
      element.textContent = element.dataset.wordFault;
      element.classList.add("k-card");
    });
  });
})();

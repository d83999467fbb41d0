# What R has today, of the same points: K of spatstat, and the Gaussian density of all pair distances as `density` makes it.
# Rscript benchmarks/census_r.R points.csv side_km reach_km out.csv
suppressPackageStartupMessages(library(spatstat.explore))
given <- commandArgs(trailingOnly = TRUE)
points <- read.csv(given[1])
side <- as.numeric(given[2])
reach <- as.numeric(given[3])
at <- reach * (1:256) / 256

begun <- proc.time()[["elapsed"]]
window <- owin(c(-side, 2 * side), c(-side, 2 * side))
pattern <- ppp(points$x_km, points$y_km, window = window)
k <- Kest(pattern, r = c(0, at), correction = "none")$un[-1]
k_seconds <- proc.time()[["elapsed"]] - begun

# Duranton and Overman: pairs up to twice the reach, mirrored at zero, Silverman's bandwidth; divided by the number of all pairs.
begun <- proc.time()[["elapsed"]]
apart <- dist(cbind(points$x_km, points$y_km))
near <- apart[apart <= 2 * reach]
smooth <- density(c(near, -near), bw = bw.nrd0(near), n = 2^16, from = -2.5 * reach, to = 2.5 * reach)
kd <- approx(smooth$x, smooth$y, at)$y * 2 * length(near) / length(apart)
kd_seconds <- proc.time()[["elapsed"]] - begun

write.csv(data.frame(distance_km = at, k = k, kd = kd), given[4], row.names = FALSE)
cat(k_seconds, kd_seconds, paste(R.version$major, R.version$minor, sep = "."),
    as.character(packageVersion("spatstat.explore")), "\n")

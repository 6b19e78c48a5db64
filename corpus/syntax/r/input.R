# Tools for weather.
library(stats)
require("utils")
source("R/helpers.R")

#' Mean temperature.
#'
#' Ignores missing days.
#'
#' @param days A data frame.
#' @export
mean_temperature <- function(days,
                             na.rm = TRUE, # skip them
                             ...) {
  local <- days$temperature
  helper <- function(x) x + 1
  base::mean(helper(local), na.rm = na.rm, ...)
}

double = \(x) x * 2
"%+%" <- function(a, b) paste0(a, b)
LIMIT <- 40
names <- c("a", "b")

print.weather <- function(x, ...) UseMethod("print")
weather$update <- function(self) self

Station <- R6::R6Class("Station",
  inherit = Base,
  public = list(
    name = NULL,
    # Makes a station.
    initialize = function(name) {
      self$name <- name
      invisible(self)
    },
    report = function() cat(self$name)
  ),
  private = list(
    secret = function(x) x
  )
)

GeomRain <- ggproto("GeomRain", Geom,
  setup_data = function(data, params) {
    data
  },
  default_aes = aes(colour = "blue")
)

setClass("Sky", contains = "VIRTUAL", representation(cover = "numeric"))
setGeneric("cover", function(sky) standardGeneric("cover"))

# Cover of a sky.
setMethod("cover", "Sky", function(sky) {
  sky@cover
})

if (interactive()) {
  shown <- TRUE
}

lapply(names, function(n) { inside <- n })

test_that("temperatures are averaged", {
  days <- data.frame(temperature = 1:3)
  expect_equal(mean_temperature(days), 3)
})

broken <- function(x {
  x +
}

after <- function() Station$new("Rome")

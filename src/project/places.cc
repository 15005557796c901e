// project: places of runs, see places.h.
#include "project/places.h"

#include <algorithm>

namespace joulery::project {
namespace {

template <class T>
bool is_same(const Factor<T>& a, const Factor<T>& b) {
  return a.estimate.value == b.estimate.value && a.estimate.u == b.estimate.u &&
         a.source == b.source && a.kind == b.kind && a.basis == b.basis && a.region == b.region &&
         a.year == b.year;
}

template <class T>
void take(bool given, const Factor<T>& own, Factor<T>& factor) {
  if (!given && own.estimate) factor = own;
}

template <class T>
void put_common(const std::vector<Place>& places, Factor<T> Place::*factor, Place& common) {
  for (std::size_t i = 2; i < places.size(); ++i)
    if (!is_same(places[i].*factor, common.*factor)) {
      common.*factor = {};
      (common.*factor).estimate = Estimate<T>::missing("not the same of all runs");
      return;
    }
}

}  // namespace

bool is_same_place(const Place& a, const Place& b) {
  return a.name == b.name && is_same(a.pue, b.pue) && is_same(a.intensity, b.intensity) &&
         is_same(a.electricity_price, b.electricity_price) && a.cloud_price == b.cloud_price &&
         a.currency == b.currency;
}

std::vector<Place> places_of(const std::vector<Place>& records, const ProjectRequest& request) {
  std::vector<Place> places{request.place};
  const GivenPlace& given = request.given;
  for (const Place& own : records) {
    Place place = request.place;
    take(given.pue, own.pue, place.pue);
    take(given.intensity, own.intensity, place.intensity);
    // A sum of money is in one currency: that of the request.
    if (own.currency == place.currency) {
      take(given.electricity_price, own.electricity_price, place.electricity_price);
      if (!place.cloud_price) place.cloud_price = own.cloud_price;
    }
    places.push_back(std::move(place));
  }
  return places;
}

Place common_place(const std::vector<Place>& places) {
  if (places.size() == 1) return places.front();
  Place common = places[1];
  put_common(places, &Place::pue, common);
  put_common(places, &Place::intensity, common);
  put_common(places, &Place::electricity_price, common);
  return common;
}

}  // namespace joulery::project

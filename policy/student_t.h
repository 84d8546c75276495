// Student's t distribution, as far as intervals need it.
#ifndef ROCKTUNE_POLICY_STUDENT_T_H_
#define ROCKTUNE_POLICY_STUDENT_T_H_

namespace rocktune {

struct StudentT {
  double degrees = 1;  // of freedom, > 0; need not be whole

  // P(|T| <= t), t >= 0.
  double Within(double t) const;
  // The t with Within(t) == confidence, to 1e-6 relative; confidence is in
  // [0, 1), and t is at most 1e6.
  double Quantile(double confidence) const;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_STUDENT_T_H_

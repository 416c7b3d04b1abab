// Twelve countries that trade differentiated goods and learn from each other's research; 40 equations a country.
// Research in country R1 rises by half a per cent of GDP in year 1 and stays there.
@#ifndef PERIODS
@#define PERIODS = 80
@#endif
@#ifndef TOLERANCE
@#define TOLERANCE = 1e-10
@#endif
@#define N = 12
var world_rate;
parameters alpha beta delta eta habit markup phi psi theta sigma delta_s research_share government_share gain_own gain_foreign rho
    total;
@#for i in 1:N
var consumption_R@{i} marginal_utility_R@{i} real_rate_R@{i} nominal_rate_R@{i} hours_R@{i} wage_R@{i} rental_R@{i}
    marginal_cost_R@{i} price_R@{i} output_R@{i} capital_R@{i} tobin_q_R@{i} adjustment_R@{i} investment_R@{i} absorption_R@{i}
    government_R@{i} research_R@{i} research_stock_R@{i} foreign_stock_R@{i} tfp_R@{i} import_price_R@{i} price_level_R@{i}
    home_demand_R@{i} imports_R@{i} exports_R@{i} competitor_price_R@{i} competitiveness_R@{i} real_exchange_rate_R@{i}
    terms_of_trade_R@{i} trade_balance_R@{i} bonds_R@{i} current_account_R@{i} current_account_share_R@{i}
    foreign_assets_share_R@{i} gdp_R@{i} openness_R@{i} inflation_R@{i} potential_R@{i} human_wealth_R@{i} profits_R@{i};
varexo research_shock_R@{i} tfp_shock_R@{i};
parameters size_R@{i} import_share_R@{i} capital_bar_R@{i} stock_bar_R@{i} tfp_bar_R@{i} chi_R@{i};
@#for j in 1:N
parameters weight_R@{i}_R@{j};
@#endfor
@#endfor

alpha = 0.33; beta = 0.96; delta = 0.08; eta = 1; habit = 0.5; markup = 1.1; phi = 4; psi = 0.02; theta = 1.5; sigma = 3;
delta_s = 0.05; research_share = 0.02; government_share = 0.18; gain_own = 0.08; gain_foreign = 0.05; rho = 0.8;
// Countries stand on a ring; trade falls with distance and is balanced where all prices are one.
total = 0;
@#for i in 1:N
size_R@{i} = 1/@{i}^0.7;
total = total + size_R@{i};
@#endfor
@#for i in 1:N
import_share_R@{i} = 0;
@#for j in 1:N
weight_R@{i}_R@{j} = 0;
@#if i != j
weight_R@{i}_R@{j} = 0.8*size_R@{j}/total/(1 + 0.3*min(abs(@{i} - @{j}), @{N} - abs(@{i} - @{j})));
import_share_R@{i} = import_share_R@{i} + weight_R@{i}_R@{j};
@#endif
@#endfor
@#for j in 1:N
weight_R@{i}_R@{j} = weight_R@{i}_R@{j}/import_share_R@{i};
@#endfor
capital_bar_R@{i} = alpha*size_R@{i}/markup/(1/beta - 1 + delta);
stock_bar_R@{i} = research_share*size_R@{i}/delta_s;
tfp_bar_R@{i} = size_R@{i}/capital_bar_R@{i}^alpha;
chi_R@{i} = (1 - alpha)*size_R@{i}/markup/((1 - habit)
    *(size_R@{i}*(1 - research_share - government_share) - delta*capital_bar_R@{i}));
@#endfor

model;
@#for i in 1:N
marginal_utility_R@{i}*(consumption_R@{i} - habit*consumption_R@{i}(-1)) = 1;
marginal_utility_R@{i} = beta*marginal_utility_R@{i}(+1)*real_rate_R@{i};
real_rate_R@{i} = nominal_rate_R@{i}*price_level_R@{i}/price_level_R@{i}(+1);
nominal_rate_R@{i} = world_rate*exp(-psi*bonds_R@{i}/size_R@{i});
chi_R@{i}*hours_R@{i}^eta = marginal_utility_R@{i}*wage_R@{i}/price_level_R@{i};
wage_R@{i}*hours_R@{i} = (1 - alpha)*marginal_cost_R@{i}*output_R@{i};
rental_R@{i}*capital_R@{i}(-1) = alpha*marginal_cost_R@{i}*output_R@{i};
price_R@{i} = markup*marginal_cost_R@{i};
output_R@{i} = tfp_R@{i}*capital_R@{i}(-1)^alpha*hours_R@{i}^(1 - alpha);
capital_R@{i} = (1 - delta)*capital_R@{i}(-1) + investment_R@{i};
tobin_q_R@{i} = 1 + phi*(investment_R@{i}/capital_R@{i}(-1) - delta);
adjustment_R@{i} = phi/2*(investment_R@{i}/capital_R@{i}(-1) - delta)^2*capital_R@{i}(-1);
tobin_q_R@{i} = beta*marginal_utility_R@{i}(+1)/marginal_utility_R@{i}
    *(rental_R@{i}(+1)/price_level_R@{i}(+1) + (1 - delta)*tobin_q_R@{i}(+1)
      + phi*(investment_R@{i}(+1)/capital_R@{i} - delta)*investment_R@{i}(+1)/capital_R@{i}
      - phi/2*(investment_R@{i}(+1)/capital_R@{i} - delta)^2);
absorption_R@{i} = consumption_R@{i} + investment_R@{i} + adjustment_R@{i} + research_R@{i} + government_R@{i};
government_R@{i} = government_share*gdp_R@{i};
research_R@{i} = (research_share + research_shock_R@{i})*gdp_R@{i};
research_stock_R@{i} = (1 - delta_s)*research_stock_R@{i}(-1) + research_R@{i};
foreign_stock_R@{i} = exp(0
@#for j in 1:N
@#if i != j
    + weight_R@{i}_R@{j}*log(research_stock_R@{j}/stock_bar_R@{j})
@#endif
@#endfor
    );
tfp_R@{i} = tfp_bar_R@{i}*exp(tfp_shock_R@{i})*(research_stock_R@{i}(-1)/stock_bar_R@{i})^gain_own
    *foreign_stock_R@{i}(-1)^(gain_foreign*openness_R@{i});
import_price_R@{i} = (0
@#for j in 1:N
@#if i != j
    + weight_R@{i}_R@{j}*price_R@{j}^(1 - sigma)
@#endif
@#endfor
    )^(1/(1 - sigma));
price_level_R@{i} = ((1 - import_share_R@{i})*price_R@{i}^(1 - theta)
    + import_share_R@{i}*import_price_R@{i}^(1 - theta))^(1/(1 - theta));
home_demand_R@{i} = (1 - import_share_R@{i})*(price_R@{i}/price_level_R@{i})^(-theta)*absorption_R@{i};
imports_R@{i} = import_share_R@{i}*(import_price_R@{i}/price_level_R@{i})^(-theta)*absorption_R@{i};
exports_R@{i} = 0
@#for j in 1:N
@#if i != j
    + weight_R@{j}_R@{i}*(price_R@{i}/import_price_R@{j})^(-sigma)*imports_R@{j}
@#endif
@#endfor
    ;
output_R@{i} = home_demand_R@{i} + exports_R@{i};
competitor_price_R@{i} = exp(0
@#for j in 1:N
@#if i != j
    + weight_R@{i}_R@{j}*log(import_price_R@{j})
@#endif
@#endfor
    );
competitiveness_R@{i} = price_R@{i}/competitor_price_R@{i};
real_exchange_rate_R@{i} = price_level_R@{i}/exp(0
@#for j in 1:N
@#if i != j
    + weight_R@{i}_R@{j}*log(price_level_R@{j})
@#endif
@#endfor
    );
terms_of_trade_R@{i} = price_R@{i}/import_price_R@{i};
trade_balance_R@{i} = price_R@{i}*exports_R@{i} - import_price_R@{i}*imports_R@{i};
@#if i > 1
bonds_R@{i} = world_rate(-1)*bonds_R@{i}(-1) + trade_balance_R@{i};
@#endif
current_account_R@{i} = bonds_R@{i} - bonds_R@{i}(-1);
current_account_share_R@{i} = current_account_R@{i}/(price_R@{i}*output_R@{i});
foreign_assets_share_R@{i} = bonds_R@{i}/(price_R@{i}*output_R@{i});
gdp_R@{i} = price_R@{i}*output_R@{i}/price_level_R@{i};
openness_R@{i} = import_price_R@{i}*imports_R@{i}/(price_R@{i}*output_R@{i})/import_share_R@{i};
inflation_R@{i} = price_level_R@{i}/price_level_R@{i}(-1);
potential_R@{i} = potential_R@{i}(-1)^rho*output_R@{i}^(1 - rho);
human_wealth_R@{i} = wage_R@{i}*hours_R@{i}/price_level_R@{i} + human_wealth_R@{i}(+1)/real_rate_R@{i};
profits_R@{i} = (price_R@{i} - marginal_cost_R@{i})*output_R@{i};
@#endfor
// The budget of R1 follows from the others and from the goods markets: the market for bonds takes its place.
0
@#for i in 1:N
    + bonds_R@{i}
@#endfor
    = 0;
0
@#for i in 1:N
    + size_R@{i}*price_R@{i}
@#endfor
    = total;
end;

options_.solve_tolf = 1e-14;
options_.dynatol.f = @{TOLERANCE};

initval;
world_rate = 1/beta;
@#for i in 1:N
research_shock_R@{i} = 0; tfp_shock_R@{i} = 0;
output_R@{i} = size_R@{i}; gdp_R@{i} = size_R@{i}; potential_R@{i} = size_R@{i}; absorption_R@{i} = size_R@{i};
capital_R@{i} = capital_bar_R@{i};
investment_R@{i} = delta*capital_bar_R@{i};
government_R@{i} = government_share*size_R@{i};
research_R@{i} = research_share*size_R@{i};
research_stock_R@{i} = stock_bar_R@{i};
consumption_R@{i} = size_R@{i}*(1 - research_share - government_share) - delta*capital_bar_R@{i};
marginal_utility_R@{i} = 1/((1 - habit)*(size_R@{i}*(1 - research_share - government_share) - delta*capital_bar_R@{i}));
tfp_R@{i} = tfp_bar_R@{i};
real_rate_R@{i} = 1/beta; nominal_rate_R@{i} = 1/beta; rental_R@{i} = 1/beta - 1 + delta;
hours_R@{i} = 1; tobin_q_R@{i} = 1; price_R@{i} = 1; import_price_R@{i} = 1; price_level_R@{i} = 1; competitor_price_R@{i} = 1;
competitiveness_R@{i} = 1; real_exchange_rate_R@{i} = 1; terms_of_trade_R@{i} = 1; openness_R@{i} = 1; inflation_R@{i} = 1;
foreign_stock_R@{i} = 1; marginal_cost_R@{i} = 1/markup;
wage_R@{i} = (1 - alpha)*size_R@{i}/markup;
profits_R@{i} = (1 - 1/markup)*size_R@{i};
human_wealth_R@{i} = (1 - alpha)*size_R@{i}/markup/(1 - beta);
home_demand_R@{i} = (1 - import_share_R@{i})*size_R@{i};
imports_R@{i} = import_share_R@{i}*size_R@{i}; exports_R@{i} = import_share_R@{i}*size_R@{i};
adjustment_R@{i} = 0; trade_balance_R@{i} = 0; bonds_R@{i} = 0; current_account_R@{i} = 0; current_account_share_R@{i} = 0;
foreign_assets_share_R@{i} = 0;
@#endfor
end;
steady;
endval;
research_shock_R1 = 0.005;
end;
steady;
perfect_foresight_setup(periods=@{PERIODS});
tic;
perfect_foresight_solver;
fprintf('seconds of the solver: %.3f\n', toc);
write_reference(M_, oo_.endo_simul, [0:10 15 20 30 40 60 @{PERIODS} @{PERIODS}+1], 'world.csv');

"""Published formulas, their values and gradients: ``python -m tests.reference.formulas`` writes the table.

Each entry has a name, its source, a program in the language under test, and a realistic point.  The expected
numbers in ``tests/cases/formulas.tsv`` come from ``evaluator.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from .evaluator import gradient, parse, spell

TARGET = Path(__file__).resolve().parent.parent / "cases" / "formulas.tsv"


class Formula(NamedTuple):
    """One entry; the program has one statement a line."""

    name: str
    source: str
    program: str
    point: str


FORMULAS: tuple[Formula, ...] = (
    # -------------------- finance, economics
    Formula(
        "black_scholes_call",
        "Black & Scholes, The pricing of options and corporate liabilities; Merton (dividends), 1973",
        """
        vol = sigma*sqrt(T)
        d1 = (log(S/K) + (r - q + sigma^2/2)*T)/vol
        d2 = d1 - vol
        S*exp(-q*T)*erfc(-d1/sqrt(2))/2 - K*exp(-r*T)*erfc(-d2/sqrt(2))/2
        """,
        "S=100; K=105; r=0.03; q=0.01; sigma=0.2; T=0.5",
    ),
    Formula(
        "bachelier_call",
        "Bachelier, Theorie de la speculation, 1900",
        """
        s = sigma*sqrt(T)
        d = (F - K)/s
        exp(-r*T)*((F - K)*erfc(-d/sqrt(2))/2 + s*exp(-d^2/2)/sqrt(2*pi))
        """,
        "F=0.0125; K=0.015; r=0.01; sigma=0.0085; T=2",
    ),
    Formula(
        "vasicek_bond",
        "Vasicek, An equilibrium characterization of the term structure, eq. 27, 1977",
        """
        B = -expm1(-a*tau1)/a
        A = (b - s^2/(2*a^2))*(B - tau1) - s^2*B^2/(4*a)
        exp(A - B*r)
        """,
        "r=0.025; a=0.3; b=0.05; s=0.012; tau1=7",
    ),
    Formula(
        "nelson_siegel_yield",
        "Nelson & Siegel, Parsimonious modeling of yield curves, 1987",
        """
        u = t/tau1
        load = -expm1(-u)/u
        b0 + b1*load + b2*(load - exp(-u))
        """,
        "t=4.5; b0=0.045; b1=-0.02; b2=0.013; tau1=1.8",
    ),
    Formula(
        "sabr_implied_volatility",
        "Hagan, Kumar, Lesniewski & Woodward, Managing smile risk, eq. 2.17, 2002",
        """
        m = (F*K)^((1 - beta)/2)
        L = ln(F/K)
        z = nu/alpha*m*L
        chi = ln((sqrt(1 - 2*rho*z + z^2) + z - rho)/(1 - rho))
        head = alpha/(m*(1 + (1 - beta)^2/24*L^2 + (1 - beta)^4/1920*L^4))
        t1 = (1 - beta)^2/24*alpha^2/m^2 + rho*beta*nu*alpha/(4*m) + (2 - 3*rho^2)/24*nu^2
        head*z/chi*(1 + t1*T)
        """,
        "F=0.03; K=0.035; T=1.5; alpha=0.025; beta=0.5; rho=-0.3; nu=0.4",
    ),
    Formula(
        "ces_production",
        "Arrow, Chenery, Minhas & Solow, Capital-labor substitution and economic efficiency, 1961",
        "gam*(delta*K^(-rho) + (1 - delta)*L^(-rho))^(-1/rho)",
        "K=120; L=85; gam=1.1; delta=0.35; rho=0.4",
    ),
    Formula(
        "crra_utility",
        "Pratt, Risk aversion in the small and in the large, 1964",
        "log(c) if eta == 1 else (c^(1 - eta) - 1)/(1 - eta)",
        "c=2.5; eta=2.2",
    ),
    # -------------------- astronomy
    Formula(
        "kepler_residual",
        "Kepler, Astronomia nova, 1609",
        "E - ecc*sin(E) - M",
        "E=1.9; ecc=0.2056; M=1.7",
    ),
    Formula(
        "orbit_radius_from_mean_anomaly",
        "Equation of the centre to third order, e.g. Vallado, Fundamentals of Astrodynamics, 2013",
        """
        nu = M + (2*ecc - ecc^3/4)*sin(M) + 5/4*ecc^2*sin(2*M) + 13/12*ecc^3*sin(3*M)
        a*(1 - ecc^2)/(1 + ecc*cos(nu))
        """,
        "a=1.523679; ecc=0.0934; M=0.8",
    ),
    Formula(
        "hohmann_total_delta_v",
        "Hohmann, Die Erreichbarkeit der Himmelskoerper, 1925",
        """
        dv1 = sqrt(mu/r1)*(sqrt(2*r2/(r1 + r2)) - 1)
        dv2 = sqrt(mu/r2)*(1 - sqrt(2*r1/(r1 + r2)))
        dv1 + dv2
        """,
        "mu=398600.4418; r1=6678; r2=42164",
    ),
    Formula(
        "tsiolkovsky_with_gravity_loss",
        "Tsiolkovsky, Exploration of outer space by means of rocket devices, 1903",
        "Isp*g0*ln(m0/mf) - g0*tb*sin(gam)",
        "Isp=311; g0=9.80665; m0=549054; mf=147000; tb=162; gam=0.6",
    ),
    Formula(
        "angular_separation",
        "Vincenty, Direct and inverse solutions of geodesics, 1975 (sphere)",
        """
        dl = l2 - l1
        p = cos(b2)*sin(dl)
        q = cos(b1)*sin(b2) - sin(b1)*cos(b2)*cos(dl)
        w = sin(b1)*sin(b2) + cos(b1)*cos(b2)*cos(dl)
        atan2(hypot(p, q), w)
        """,
        "l1=1.1; b1=0.3; l2=1.25; b2=-0.1",
    ),
    Formula(
        "greenwich_sidereal_angle",
        "IAU 1982 expression, Meeus, Astronomical Algorithms, eq. 12.4, 1991",
        """
        T = (JD - 2451545)/36525
        (280.46061837 + 360.98564736629*(JD - 2451545) + 0.000387933*T^2 - T^3/38710000) % 360
        """,
        "JD=2446895.5",
    ),
    Formula(
        "planck_spectral_radiance",
        "Planck, Ueber das Gesetz der Energieverteilung im Normalspectrum, 1901",
        "2*h*c^2/lam^5/expm1(h*c/(lam*k*T))",
        "lam=5.5e-7; T=5772; h=6.62607015e-34; c=299792458; k=1.380649e-23",
    ),
    Formula(
        "nfw_circular_velocity",
        "Navarro, Frenk & White, A universal density profile from hierarchical clustering, 1997",
        """
        x = r/rs
        m = log1p(x) - x/(1 + x)
        sqrt(4*pi*G*rho0*rs^3*m/r)
        """,
        "r=8.2; rs=19.6; rho0=8.54e6; G=4.30091e-6",
    ),
    Formula(
        "schechter_luminosity_function",
        "Schechter, An analytic expression for the luminosity function for galaxies, 1976",
        """
        d = 10^(0.4*(Mstar - M))
        0.4*ln(10)*phi*d^(alpha + 1)*exp(-d)
        """,
        "M=-20.1; Mstar=-20.44; phi=0.0149; alpha=-1.05",
    ),
    Formula(
        "sersic_profile",
        "Sersic, 1963; b_n after Ciotti & Bertin, 1999",
        """
        b = 2*n - 1/3 + 4/(405*n) + 46/(25515*n^2)
        Ie*exp(-b*((r/re)^(1/n) - 1))
        """,
        "r=3.3; re=5.1; n=3.7; Ie=22.5",
    ),
    Formula(
        "hubble_rate",
        "Friedmann, Ueber die Kruemmung des Raumes, 1922; w0-wa: Chevallier & Polarski, 2001",
        """
        a = 1/(1 + z)
        de = (1 - Om)*a^(-3*(1 + w0 + wa))*exp(-3*wa*(1 - a))
        H0*sqrt(Om*(1 + z)^3 + de)
        """,
        "z=0.7; H0=67.66; Om=0.3111; w0=-0.95; wa=-0.3",
    ),
    Formula(
        "kerr_innermost_stable_orbit",
        "Bardeen, Press & Teukolsky, Rotating black holes, eq. 2.21, 1972",
        """
        z1 = 1 + cbrt(1 - a^2)*(cbrt(1 + a) + cbrt(1 - a))
        z2 = sqrt(3*a^2 + z1^2)
        M*(3 + z2 - sqrt((3 - z1)*(3 + z1 + 2*z2)))
        """,
        "a=0.7; M=10",
    ),
    Formula(
        "peters_merger_time",
        "Peters, Gravitational radiation and the motion of two point masses, 1964 (circular)",
        "5/256*c^5*a^4/(G^3*m1*m2*(m1 + m2))",
        "a=1.95e9; m1=2.863e30; m2=2.762e30; G=6.6743e-11; c=299792458",
    ),
    Formula(
        "saha_ionisation_ratio",
        "Saha, Ionization in the solar chromosphere, 1920",
        """
        lam = h/sqrt(2*pi*me*k*T)
        2*g/(ne*lam^3)*exp(-chi/(k*T))
        """,
        "T=9600; ne=1e20; chi=2.179e-18; g=0.5; h=6.62607015e-34; me=9.1093837e-31; k=1.380649e-23",
    ),
    # -------------------- physics
    Formula(
        "compton_wavelength_and_recoil",
        "Compton, A quantum theory of the scattering of X-rays, 1923",
        """
        shifted = lam + h/(me*c)*(1 - cos(theta))
        h*c*(1/lam - 1/shifted)
        """,
        "lam=7.09e-11; theta=1.2; h=6.62607015e-34; me=9.1093837e-31; c=299792458",
    ),
    Formula(
        "klein_nishina",
        "Klein & Nishina, Ueber die Streuung von Strahlung durch freie Elektronen, 1929",
        """
        P = 1/(1 + eps*(1 - cos(theta)))
        r0^2/2*P^2*(P + 1/P - sin(theta)^2)
        """,
        "eps=1.295; theta=0.9; r0=2.8179403",
    ),
    Formula(
        "relativistic_kinetic_energy",
        "Einstein, Zur Elektrodynamik bewegter Koerper, 1905",
        """
        b2 = (v/c)^2
        m*c^2*(1/sqrt(1 - b2) - 1)
        """,
        "m=1.67262192e-27; v=1.8e8; c=299792458",
    ),
    Formula(
        "breit_wigner_relativistic",
        "Breit & Wigner, Capture of slow neutrons, 1936 (relativistic form)",
        """
        g = sqrt(M^2*(M^2 + W^2))
        k = 2*sqrt(2)*M*W*g/(pi*sqrt(M^2 + g))
        k/((E^2 - M^2)^2 + M^2*W^2)
        """,
        "E=90.2; M=91.1876; W=2.4952",
    ),
    Formula(
        "drude_permittivity_real",
        "Drude, Zur Elektronentheorie der Metalle, 1900",
        "epsinf - wp^2/(w^2 + gam^2)",
        "w=2.4; wp=9.03; gam=0.053; epsinf=9.5",
    ),
    Formula(
        "bethe_stopping_power",
        "Bethe 1930; Review of Particle Physics, eq. 34.5, 2022 (without density effect)",
        """
        b2 = beta^2
        g2 = 1/(1 - b2)
        me = 0.51099895
        Tmax = 2*me*b2*g2/(1 + 2*sqrt(g2)*me/M + (me/M)^2)
        0.307075*z^2*Z/A/b2*(log(2*me*b2*g2*Tmax/I^2)/2 - b2)
        """,
        "beta=0.6; M=938.272; z=1; Z=14; A=28.0855; I=0.000173",
    ),
    Formula(
        "bethe_weizsaecker_binding",
        "von Weizsaecker, Zur Theorie der Kernmassen, 1935",
        """
        N = A - Z
        pairing = aP/sqrt(A)*(1 - Z%2 - N%2)
        aV*A - aS*A^(2/3) - aC*Z*(Z - 1)/cbrt(A) - aA*(N - Z)^2/A + pairing
        """,
        "A=58; Z=27; aV=15.8; aS=18.3; aC=0.714; aA=23.2; aP=12",
    ),
    Formula(
        "lennard_jones",
        "Lennard-Jones, On the determination of molecular fields, 1924",
        """
        s6 = (sigma/r)^6
        4*eps*(s6^2 - s6)
        """,
        "r=3.9; sigma=3.405; eps=0.2381",
    ),
    Formula(
        "morse_potential",
        "Morse, Diatomic molecules according to the wave mechanics, 1929",
        "De*(1 - exp(-a*(r - re)))^2 - De",
        "r=0.9; re=0.7414; De=4.7446; a=1.9426",
    ),
    Formula(
        "buckingham_with_coulomb",
        "Buckingham, The classical equation of state of gaseous helium, neon and argon, 1938",
        "A*exp(-r/rho) - C/r^6 + 14.399645*q1*q2/r",
        "r=1.65; A=1388.773; rho=0.3623; C=175; q1=2.4; q2=-1.2",
    ),
    Formula(
        "langevin_magnetisation",
        "Langevin, Magnetisme et theorie des electrons, 1905",
        """
        x = mu*B/(k*T)
        n*mu*(coth(x) - 1/x)
        """,
        "mu=9.274e-21; B=1.5; k=1.380649e-23; T=300; n=1e22",
    ),
    Formula(
        "brillouin_function",
        "Brillouin, Les moments de rotation et le magnetisme dans la mecanique ondulatoire, 1927",
        """
        p = (2J + 1)/(2J)
        p*coth(p*x) - coth(x/(2J))/(2J)
        """,
        "x=1.3; J=3.5",
    ),
    Formula(
        "fermi_dirac_sommerfeld",
        "Sommerfeld, Zur Elektronentheorie der Metalle, 1928",
        """
        mu = EF*(1 - pi^2/12*(k*T/EF)^2)
        sigmoid((mu - E)/(k*T))
        """,
        "E=7.03; EF=7; T=1200; k=8.617333262e-5",
    ),
    Formula(
        "maxwell_boltzmann_speed",
        "Maxwell, Illustrations of the dynamical theory of gases, 1860",
        "4*pi*(m/(2*pi*k*T))^1.5*v^2*exp(-m*v^2/(2*k*T))",
        "v=500; m=4.6518e-26; T=293.15; k=1.380649e-23",
    ),
    Formula(
        "richardson_schottky_emission",
        "Schottky, Einfluss von Strukturwirkungen auf die Thomsonsche Gleichung, 1914",
        """
        dW = sqrt(q^3*E/(4*pi*eps0))
        A*T^2*exp(-(W - dW)/(k*T))
        """,
        "T=1800; E=5e6; W=7.2e-19; A=1.20173e6; q=1.602176634e-19; eps0=8.8541878e-12; k=1.380649e-23",
    ),
    Formula(
        "damped_driven_oscillator",
        "Steady-state amplitude, e.g. Landau & Lifshitz, Mechanics, section 26, 1960",
        "F0/m/hypot(w0^2 - w^2, 2*zeta*w0*w)",
        "F0=2.5; m=0.4; w0=12; w=10.5; zeta=0.08",
    ),
    # -------------------- optics, acoustics
    Formula(
        "sellmeier_bk7",
        "Sellmeier, 1871; Schott N-BK7 coefficients",
        """
        L2 = lam^2
        sqrt(1 + B1*L2/(L2 - C1) + B2*L2/(L2 - C2) + B3*L2/(L2 - C3))
        """,
        "lam=0.5876; B1=1.03961212; C1=0.00600069867; B2=0.231792344; C2=0.0200179144; B3=1.01046945; C3=103.560653",
    ),
    Formula(
        "fresnel_unpolarised_reflectance",
        "Fresnel, Memoire sur la loi des modifications que la reflexion imprime, 1823",
        """
        ct = sqrt(1 - (n1/n2*sin(theta))^2)
        ci = cos(theta)
        rs = (n1*ci - n2*ct)/(n1*ci + n2*ct)
        rp = (n1*ct - n2*ci)/(n1*ct + n2*ci)
        (rs^2 + rp^2)/2
        """,
        "theta=0.9; n1=1.000277; n2=1.5168",
    ),
    Formula(
        "snell_lateral_displacement",
        "Snell's law in a plane-parallel plate; Hecht, Optics, 2002",
        """
        inner = arcsin(sin(theta)/n)
        d*sin(theta - inner)/cos(inner)
        """,
        "theta=0.7; n=1.458; d=6.35",
    ),
    Formula(
        "fabry_perot_transmission",
        "Fabry & Perot, 1899; Airy, 1831",
        """
        delta = 4*pi*n*l*cos(theta)/lam
        1/(1 + 4*R/(1 - R)^2*sin(delta/2)^2)
        """,
        "n=1.0; l=1050.3; theta=0.02; lam=632.8; R=0.9",
    ),
    Formula(
        "gaussian_beam_intensity",
        "Kogelnik & Li, Laser beams and resonators, 1966",
        """
        zR = pi*w0^2/lam
        w2 = w0^2*(1 + (z/zR)^2)
        2*P/(pi*w2)*exp(-2*(x^2 + y^2)/w2)
        """,
        "x=0.0003; y=-0.0002; z=0.8; w0=0.0005; lam=1.064e-6; P=0.25",
    ),
    Formula(
        "single_slit_diffraction",
        "Fraunhofer, 1821; Born & Wolf, Principles of Optics",
        """
        b = pi*a*sin(theta)/lam
        I0*sinc(b)^2
        """,
        "theta=0.004; a=0.00012; lam=5.89e-7; I0=3.2",
    ),
    Formula(
        "lensmaker_thick",
        "Lensmaker's equation for a thick lens; Hecht, Optics, 2002",
        "1/((n - 1)*(1/R1 - 1/R2 + (n - 1)*d/(n*R1*R2)))",
        "n=1.5168; R1=0.0515; R2=-0.0487; d=0.0065",
    ),
    Formula(
        "a_weighting_decibel",
        "IEC 61672-1, Sound level meters, annex E, 2013",
        """
        f2 = f^2
        top = 12194^2*f2^2
        low = (f2 + 20.6^2)*(f2 + 12194^2)*sqrt((f2 + 107.7^2)*(f2 + 737.9^2))
        20*log10(top/low) + 2.00
        """,
        "f=315",
    ),
    Formula(
        "bark_scale",
        "Zwicker & Terhardt, Analytical expressions for critical-band rate, 1980",
        "13*atan(0.00076*f) + 3.5*arctan((f/7500)^2)",
        "f=2350",
    ),
    Formula(
        "sound_speed_seawater",
        "Mackenzie, Nine-term equation for sound speed in the oceans, 1981",
        """
        thermal = 1448.96 + 4.591*T - 5.304e-2*T^2 + 2.374e-4*T^3
        depth = 1.630e-2*D + 1.675e-7*D^2 - 7.139e-13*T*D^3
        thermal + 1.340*(S - 35) + depth - 1.025e-2*T*(S - 35)
        """,
        "T=11.5; S=34.2; D=850",
    ),
    Formula(
        "air_absorption_of_sound",
        "ISO 9613-1, Attenuation of sound during propagation outdoors, eqs. 3-5, 1993",
        """
        tr = T/293.15
        h = hr*10^(-6.8346*(273.16/T)^1.261 + 4.6151)/pr
        frO = pr*(24 + 4.04e4*h*(0.02 + h)/(0.391 + h))
        frN = pr/sqrt(tr)*(9 + 280*h*exp(-4.170*(cbrt(1/tr) - 1)))
        vib = 0.01275*exp(-2239.1/T)/(frO + f^2/frO) + 0.1068*exp(-3352/T)/(frN + f^2/frN)
        8.686*f^2*(1.84e-11/pr*sqrt(tr) + tr^-2.5*vib)
        """,
        "f=4000; T=288.15; hr=70; pr=0.99",
    ),
    Formula(
        "relativistic_doppler",
        "Einstein, Zur Elektrodynamik bewegter Koerper, section 7, 1905",
        "f*sqrt(1 - b^2)/(1 - b*cos(theta))",
        "f=1420.405751; b=0.12; theta=2.1",
    ),
    # -------------------- chemistry
    Formula(
        "van_der_waals_pressure",
        "van der Waals, Over de continuiteit van den gas- en vloeistoftoestand, 1873",
        "n*R*T/(V - n*b) - a*(n/V)^2",
        "n=1; R=8.314462618; T=300; V=0.0025; a=0.364; b=4.267e-5",
    ),
    Formula(
        "redlich_kwong_pressure",
        "Redlich & Kwong, On the thermodynamics of solutions V, 1949",
        """
        a = 0.42748*R^2*Tc^2.5/Pc
        b = 0.08664*R*Tc/Pc
        R*T/(V - b) - a/(sqrt(T)*V*(V + b))
        """,
        "T=350; V=0.0011; Tc=304.13; Pc=7377300; R=8.314462618",
    ),
    Formula(
        "peng_robinson_pressure",
        "Peng & Robinson, A new two-constant equation of state, 1976",
        """
        kappa = 0.37464 + 1.54226*omega - 0.26992*omega^2
        alpha = (1 + kappa*(1 - sqrt(T/Tc)))^2
        a = 0.45724*R^2*Tc^2/Pc
        b = 0.0778*R*Tc/Pc
        R*T/(V - b) - a*alpha/(V^2 + 2*b*V - b^2)
        """,
        "T=320; V=0.0009; Tc=369.83; Pc=4248000; omega=0.1523; R=8.314462618",
    ),
    Formula(
        "antoine_vapour_pressure",
        "Antoine, Tensions des vapeurs, 1888",
        "10^(A - B/(C + T))",
        "T=75; A=8.07131; B=1730.63; C=233.426",
    ),
    Formula(
        "wagner_vapour_pressure",
        "Wagner, New vapour pressure measurements for argon and nitrogen, 1973",
        """
        t = 1 - T/Tc
        Pc*exp((a*t + b*t^1.5 + c*t^2.5 + d*t^5)/(1 - t))
        """,
        "T=110; Tc=150.687; Pc=4.863; a=-5.9409785; b=1.3553888; c=-0.46497607; d=-1.5399043",
    ),
    Formula(
        "modified_arrhenius",
        "Arrhenius, 1889; Kooij, Ueber die Zersetzung des gasfoermigen Phosphorwasserstoffs, 1893",
        "A*(T/T0)^n*exp(-Ea/(R*T))",
        "A=3.87e4; T=1500; T0=298.15; n=2.7; Ea=26190; R=8.314462618",
    ),
    Formula(
        "eyring_rate",
        "Eyring, The activated complex in chemical reactions, 1935",
        "kappa*kB*T/h*exp(dS/R)*exp(-dH/(R*T))",
        "T=310.15; dH=85000; dS=-12.5; kappa=1; kB=1.380649e-23; h=6.62607015e-34; R=8.314462618",
    ),
    Formula(
        "marcus_rate",
        "Marcus, On the theory of oxidation-reduction reactions involving electron transfer, 1956",
        "2*pi/hbar*V^2/sqrt(4*pi*lam*kT)*exp(-(lam + dG)^2/(4*lam*kT))",
        "V=0.01; lam=0.8; dG=-0.35; kT=0.02569; hbar=6.582119569e-16",
    ),
    Formula(
        "debye_hueckel_extended",
        "Debye & Hueckel, Zur Theorie der Elektrolyte, 1923",
        """
        s = sqrt(I)
        10^(-A*z^2*s/(1 + B*a*s))
        """,
        "I=0.05; z=2; A=0.509; B=0.3286; a=6",
    ),
    Formula(
        "davies_activity",
        "Davies, Ion Association, 1962",
        "-A*z^2*(sqrt(I)/(1 + sqrt(I)) - 0.3*I)",
        "I=0.25; z=2; A=0.509",
    ),
    Formula(
        "nernst_potential",
        "Nernst, Die elektromotorische Wirksamkeit der Jonen, 1889",
        "E0 - R*T/(n*F)*log(red/ox)",
        "E0=0.771; T=298.15; n=1; ox=0.001; red=0.02; R=8.314462618; F=96485.33212",
    ),
    Formula(
        "butler_volmer",
        "Butler 1924; Erdey-Gruz & Volmer, 1930",
        """
        f = F/(R*T)
        j0*(exp(aa*n*f*eta) - exp(-(1 - aa)*n*f*eta))
        """,
        "eta=0.045; j0=1.2; aa=0.45; n=1; T=298.15; F=96485.33212; R=8.314462618",
    ),
    Formula(
        "langmuir_freundlich_isotherm",
        "Sips, On the structure of a catalyst surface, 1948",
        "qm*(K*p)^n/(1 + (K*p)^n)",
        "p=1.4; qm=5.2; K=0.83; n=0.72",
    ),
    Formula(
        "bet_isotherm",
        "Brunauer, Emmett & Teller, Adsorption of gases in multimolecular layers, 1938",
        "vm*c*x/((1 - x)*(1 + (c - 1)*x))",
        "x=0.22; vm=1.07; c=96",
    ),
    Formula(
        "nrtl_activity_coefficient",
        "Renon & Prausnitz, Local compositions in thermodynamic excess functions, 1968",
        """
        x2 = 1 - x1
        G12 = exp(-alpha*t12)
        G21 = exp(-alpha*t21)
        x2^2*(t21*(G21/(x1 + x2*G21))^2 + t12*G12/(x2 + x1*G12)^2)
        """,
        "x1=0.3; t12=-0.1466; t21=1.6711; alpha=0.3",
    ),
    Formula(
        "flory_huggins_mixing",
        "Flory 1942; Huggins 1942",
        """
        p2 = 1 - p1
        xlogy(p1/N1, p1) + xlogy(p2/N2, p2) + chi*p1*p2
        """,
        "p1=0.35; N1=1; N2=120; chi=0.48",
    ),
    Formula(
        "karplus_coupling",
        "Karplus, Contact electron-spin coupling of nuclear magnetic moments, 1959",
        "A*cos(phi)^2 + B*cos(phi) + C",
        "phi=1.05; A=7.76; B=-1.1; C=1.4",
    ),
    # -------------------- biology, medicine
    Formula(
        "michaelis_menten_mixed_inhibition",
        "Michaelis & Menten, Die Kinetik der Invertinwirkung, 1913; Dixon, 1953",
        "Vmax*S/(Km*(1 + I/Kc) + S*(1 + I/Ku))",
        "S=2.4; Vmax=105; Km=1.15; I=0.7; Kc=0.35; Ku=2.2",
    ),
    Formula(
        "hill_equation",
        "Hill, The possible effects of the aggregation of the molecules of haemoglobin, 1910",
        "p^n/(p50^n + p^n)",
        "p=40; p50=26.8; n=2.7",
    ),
    Formula(
        "monod_wyman_changeux",
        "Monod, Wyman & Changeux, On the nature of allosteric transitions, eq. 2, 1965",
        """
        n1 = n - 1
        top = L*c*a*(1 + c*a)^n1 + a*(1 + a)^n1
        top/(L*(1 + c*a)^n + (1 + a)^n)
        """,
        "a=3.5; L=9054; c=0.014; n=4",
    ),
    Formula(
        "goldman_hodgkin_katz",
        "Goldman 1943; Hodgkin & Katz, The effect of sodium ions, 1949",
        """
        outer = PK*Ko + PNa*Nao + PCl*Cli
        inner = PK*Ki + PNa*Nai + PCl*Clo
        1000*R*T/F*log(outer/inner)
        """,
        "PK=1; PNa=0.04; PCl=0.45; Ko=10; Nao=460; Cli=40; "
        "Ki=400; Nai=50; Clo=540; T=291.15; R=8.314462618; F=96485.33212",
    ),
    Formula(
        "hodgkin_huxley_alpha_n",
        "Hodgkin & Huxley, A quantitative description of membrane current, eq. 12, 1952",
        """
        u = (10 - V)/10
        an = 0.1*(1 if u == 0 else u/expm1(u))
        bn = 0.125*exp(-V/80)
        an*(1 - n) - bn*n
        """,
        "V=12.5; n=0.38",
    ),
    Formula(
        "logistic_growth",
        "Verhulst, Notice sur la loi que la population suit dans son accroissement, 1838",
        "K/(1 + (K - N0)/N0*exp(-r*t))",
        "t=12; K=665; N0=9.6; r=0.5355",
    ),
    Formula(
        "gompertz_growth",
        "Gompertz, On the nature of the function expressive of the law of human mortality, 1825",
        "K*exp(log(N0/K)*exp(-a*t))",
        "t=20; K=1.8; N0=0.002; a=0.11",
    ),
    Formula(
        "gompertz_makeham_survival",
        "Makeham, On the law of mortality, 1860",
        "exp(-lam*x - alpha/beta*expm1(beta*x))",
        "x=72; lam=0.0002; alpha=0.00003; beta=0.1",
    ),
    Formula(
        "von_bertalanffy_seasonal",
        "Somers, On a seasonally oscillating growth function, 1988",
        """
        S = C*K/(2*pi)*sin(2*pi*(t - ts))
        S0 = C*K/(2*pi)*sin(2*pi*(t0 - ts))
        Linf*(1 - exp(-K*(t - t0) - S + S0))
        """,
        "t=3.4; Linf=45; K=0.35; t0=-0.4; C=0.6; ts=0.15",
    ),
    Formula(
        "bateman_oral_dose",
        "Bateman, Solution of a system of differential equations in radioactive transformations, 1910",
        "F*D*ka/(V*(ka - CL/V))*(exp(-CL/V*t) - exp(-ka*t))",
        "t=3; F=0.85; D=320; ka=1.49; V=32; CL=2.8",
    ),
    Formula(
        "ckd_epi_2021",
        "Inker et al., New creatinine- and cystatin C-based equations to estimate GFR, 2021",
        """
        kap = 0.7 if female > 0.5 else 0.9
        al = -0.241 if female > 0.5 else -0.302
        sex = 1.012 if female > 0.5 else 1
        142*min(Scr/kap, 1)^al*max(Scr/kap, 1)^-1.2*0.9938^age*sex
        """,
        "Scr=1.1; age=57; female=0",
    ),
    Formula(
        "photosynthesis_non_rectangular_hyperbola",
        "Thornley, Mathematical Models in Plant Physiology, 1976",
        """
        s = phi*I + Amax
        (s - sqrt(s^2 - 4*theta*phi*I*Amax))/(2*theta) - Rd
        """,
        "I=600; phi=0.052; Amax=24; theta=0.85; Rd=1.1",
    ),
    Formula(
        "farquhar_rubisco_limited",
        "Farquhar, von Caemmerer & Berry, A biochemical model of photosynthetic assimilation, 1980",
        """
        Wc = Vc*(Ci - G)/(Ci + Kc*(1 + O/Ko))
        Wj = J*(Ci - G)/(4*Ci + 8*G)
        min(Wc, Wj) - Rd
        """,
        "Ci=245; G=42.75; Vc=62; Kc=404.9; Ko=278.4; O=210; J=125; Rd=0.9",
    ),
    # -------------------- electronics, signals
    Formula(
        "shockley_diode_residual",
        "Shockley, The theory of p-n junctions in semiconductors, 1949 (with series resistance)",
        "Is*expm1((V - I*Rs)/(n*VT)) + (V - I*Rs)/Rsh - I",
        "V=0.62; I=0.011; Is=2.52e-9; n=1.752; VT=0.02585; Rs=0.568; Rsh=1e6",
    ),
    Formula(
        "ekv_drain_current",
        "Enz, Krummenacher & Vittoz, An analytical MOS transistor model, 1995",
        """
        vp = (VG - VT0)/n
        fwd = softplus((vp - VS)/(2*UT))^2
        rev = softplus((vp - VD)/(2*UT))^2
        2*n*beta*UT^2*(fwd - rev)
        """,
        "VG=0.75; VS=0.02; VD=0.4; VT0=0.45; n=1.35; beta=0.0004; UT=0.02585",
    ),
    Formula(
        "rlc_impedance_phase",
        "Series RLC circuit; Heaviside, Electrical Papers, 1892",
        """
        w = 2*pi*f
        atan2(w*L - 1/(w*C), R)
        """,
        "f=1200; L=0.01; C=2.2e-6; R=47",
    ),
    Formula(
        "microstrip_impedance",
        "Hammerstad & Jensen, Accurate models for microstrip computer-aided design, 1980 / Wheeler, 1977",
        """
        u = W/H
        ee = (er + 1)/2 + (er - 1)/2*(1 + 12/u)^-0.5 + where(u < 1, 0.02*(er - 1)*(1 - u)^2, 0)
        60/sqrt(ee)*ln(8/u + u/4) if u <= 1 else 120*pi/sqrt(ee)/(u + 1.393 + 0.667*ln(u + 1.444))
        """,
        "W=2.9; H=1.6; er=4.4",
    ),
    Formula(
        "steinhart_hart",
        "Steinhart & Hart, Calibration curves for thermistors, 1968",
        """
        L = ln(R)
        1/(A + B*L + C*L^3) - 273.15
        """,
        "R=8500; A=0.001129148; B=0.000234125; C=8.76741e-8",
    ),
    Formula(
        "butterworth_gain_decibel",
        "Butterworth, On the theory of filter amplifiers, 1930",
        "-10*log10(1 + (f/fc)^(2n))",
        "f=1500; fc=1000; n=4",
    ),
    Formula(
        "chebyshev_gain",
        "Chebyshev type I response; Cauer, Siebschaltungen, 1931",
        """
        x = w/w0
        T = cos(n*acos(x)) if abs(x) <= 1 else cosh(n*acosh(x))
        1/sqrt(1 + eps^2*T^2)
        """,
        "w=1.15; w0=1; n=5; eps=0.5088",
    ),
    Formula(
        "friis_received_power_dbm",
        "Friis, A note on a simple transmission formula, 1946",
        "Pt + Gt + Gr + 20*log(lam/(4*pi*d), 10)",
        "Pt=20; Gt=14; Gr=9.5; lam=0.1249; d=1800",
    ),
    Formula(
        "shannon_capacity",
        "Shannon, A mathematical theory of communication, 1948",
        "B*log2(1 + P/(N0*B))",
        "B=2e7; P=1e-10; N0=4e-21",
    ),
    # -------------------- robotics, geometry
    Formula(
        "two_link_arm_reach",
        "Craig, Introduction to Robotics, 1986 (forward kinematics)",
        """
        x = l1*cos(q1) + l2*cos(q1 + q2)
        y = l1*sin(q1) + l2*sin(q1 + q2)
        hypot(x - tx, y - ty)
        """,
        "q1=0.6; q2=1.1; l1=0.5; l2=0.35; tx=0.3; ty=0.7",
    ),
    Formula(
        "two_link_arm_shoulder_angle",
        "Craig, Introduction to Robotics, 1986 (inverse kinematics, elbow down)",
        """
        c2 = (x^2 + y^2 - l1^2 - l2^2)/(2*l1*l2)
        q2 = acos(clip(c2, -1, 1))
        atan2(y, x) - arctan2(l2*sin(q2), l1 + l2*cos(q2))
        """,
        "x=0.45; y=0.5; l1=0.5; l2=0.35",
    ),
    Formula(
        "ackermann_steering_inner_angle",
        "Ackermann, British patent 4212, 1818; Rajamani, Vehicle Dynamics and Control, 2006",
        "atan2(L, L*cot(delta) - w/2)",
        "L=2.7; delta=0.25; w=1.55",
    ),
    Formula(
        "magic_formula_tyre",
        "Pacejka & Bakker, The magic formula tyre model, 1992",
        """
        Bx = B*x
        D*sin(C*atan(Bx - E*(Bx - atan(Bx)))) + Sv
        """,
        "x=0.08; B=10; C=1.9; D=4200; E=0.97; Sv=12",
    ),
    Formula(
        "quaternion_to_pitch_and_yaw",
        "Diebel, Representing attitude: Euler angles, unit quaternions and rotation vectors, 2006",
        """
        pitch = asin(clip(2*(w*y - z*x), -1, 1))
        yaw = atan2(2*(w*z + x*y), 1 - 2*(y^2 + z^2))
        pitch + yaw
        """,
        "w=0.86; x=0.21; y=0.33; z=0.32",
    ),
    # -------------------- geodesy, navigation
    Formula(
        "haversine_distance",
        "Sinnott, Virtues of the haversine, 1984",
        """
        d = pi/180
        h = sin((lat2 - lat1)*d/2)^2 + cos(lat1*d)*cos(lat2*d)*sin((lon2 - lon1)*d/2)^2
        2*r*arcsin(sqrt(h))
        """,
        "lat1=52.5163; lon1=13.3777; lat2=48.8584; lon2=2.2945; r=6371.0088",
    ),
    Formula(
        "ellipsoid_to_ecef_x",
        "WGS 84, NIMA TR8350.2, 2000",
        """
        e2 = f*(2 - f)
        N = a/sqrt(1 - e2*sin(phi)^2)
        (N + h)*cos(phi)*cos(lam)
        """,
        "phi=0.84; lam=0.16; h=520; a=6378137; f=0.0033528106647474805",
    ),
    Formula(
        "bowring_latitude",
        "Bowring, Transformation from spatial to geographical coordinates, 1976",
        """
        b = a*(1 - f)
        e2 = f*(2 - f)
        p = hypot(X, Y)
        u = atan2(Z*a, p*b)
        atan2(Z + e2/(1 - e2)*b*sin(u)^3, p - e2*a*cos(u)^3)
        """,
        "X=4157222.5; Y=664789.3; Z=4774952.1; a=6378137; f=0.0033528106647474805",
    ),
    Formula(
        "mercator_ellipsoidal_northing",
        "Snyder, Map Projections: A Working Manual, eq. 7-7, 1987",
        """
        s = ec*sin(phi)
        a*(atanh(sin(phi)) - ec*atanh(s))
        """,
        "phi=0.61; a=6378206.4; ec=0.0822719",
    ),
    Formula(
        "somigliana_gravity",
        "Somigliana 1930; WGS 84 gravity formula",
        """
        s2 = sin(phi)^2
        ge*(1 + k*s2)/sqrt(1 - e2*s2) - 3.086e-6*h
        """,
        "phi=0.91; h=430; ge=9.7803253359; k=0.00193185265241; e2=0.00669437999014",
    ),
    # -------------------- meteorology, hydrology
    Formula(
        "magnus_dew_point",
        "Alduchov & Eskridge, Improved Magnus form approximation, 1996",
        """
        g = ln(RH/100) + 17.625*T/(243.04 + T)
        243.04*g/(17.625 - g)
        """,
        "T=22.5; RH=61",
    ),
    Formula(
        "stull_wet_bulb",
        "Stull, Wet-bulb temperature from relative humidity and air temperature, 2011",
        """
        a = T*atan(0.151977*sqrt(RH + 8.313659)) + atan(T + RH)
        a - atan(RH - 1.676331) + 0.00391838*RH^1.5*atan(0.023101*RH) - 4.686035
        """,
        "T=20; RH=50",
    ),
    Formula(
        "wind_chill",
        "Osczevski & Bluestein, The new wind chill equivalent temperature chart, 2005",
        """
        v16 = v^0.16
        13.12 + 0.6215*T - 11.37*v16 + 0.3965*T*v16
        """,
        "T=-12; v=32",
    ),
    Formula(
        "bolton_equivalent_potential_temperature",
        "Bolton, The computation of equivalent potential temperature, eqs. 15, 22, 43, 1980",
        """
        vap = p*r/(622 + r)
        TL = 2840/(3.5*ln(T) - ln(vap) - 4.805) + 55
        th = T*(1000/p)^(0.2854*(1 - 0.00028*r))
        th*exp((3.376/TL - 0.00254)*r*(1 + 0.00081*r))
        """,
        "T=298.15; p=950; r=14.2",
    ),
    Formula(
        "isa_pressure",
        "ISO 2533, Standard Atmosphere, 1975",
        """
        trop = 101325*(1 - 0.0065*min(h, 11000)/288.15)^5.255877
        trop if h <= 11000 else trop*exp(-9.80665*(h - 11000)/(287.05287*216.65))
        """,
        "h=12500",
    ),
    Formula(
        "sutherland_viscosity",
        "Sutherland, The viscosity of gases and molecular force, 1893",
        "mu0*(T/T0)^(3/2)*(T0 + S)/(T + S)",
        "T=520; mu0=1.716e-5; T0=273.15; S=110.4",
    ),
    Formula(
        "penman_monteith_fao56",
        "Allen, Pereira, Raes & Smith, FAO Irrigation and Drainage Paper 56, eq. 6, 1998",
        """
        es = 0.6108*exp(17.27*T/(T + 237.3))
        ea = es*RH/100
        D = 4098*es/(T + 237.3)^2
        g = 0.000665*P
        (0.408*D*(Rn - G) + g*900/(T + 273)*u2*(es - ea))/(D + g*(1 + 0.34*u2))
        """,
        "T=16.9; RH=73; Rn=13.28; G=0.14; u2=2.078; P=100.1",
    ),
    Formula(
        "solar_elevation",
        "Spencer, Fourier series representation of the position of the sun, 1971",
        """
        g = 2*pi*(doy - 1)/365
        d1 = 0.006918 - 0.399912*cos(g) + 0.070257*sin(g)
        dec = d1 - 0.006758*cos(2g) + 0.000907*sin(2g) - 0.002697*cos(3g) + 0.00148*sin(3g)
        H = pi/12*(hour - 12)
        asin(sin(lat)*sin(dec) + cos(lat)*cos(dec)*cos(H))
        """,
        "doy=172; hour=9.5; lat=0.9",
    ),
    Formula(
        "manning_trapezoid",
        "Manning, On the flow of water in open channels and pipes, 1891",
        """
        A = (b + z*y)*y
        P = b + 2*y*sqrt(1 + z^2)
        A/n*(A/P)^(2/3)*sqrt(S)
        """,
        "b=3; y=1.4; z=1.5; n=0.025; S=0.0012",
    ),
    Formula(
        "colebrook_residual",
        "Colebrook, Turbulent flow in pipes, 1939",
        "1/sqrt(f) + 2*log10(rr/3.7 + 2.51/(Re*sqrt(f)))",
        "f=0.0215; rr=0.0006; Re=85000",
    ),
    Formula(
        "swamee_jain_head_loss",
        "Swamee & Jain, Explicit equations for pipe-flow problems, 1976",
        """
        V = 4*Q/(pi*D^2)
        f = 0.25/log10(k/(3.7*D) + 5.74/(V*D/nu)^0.9)^2
        f*L/D*V^2/(2*g)
        """,
        "Q=0.035; D=0.2; k=0.00015; nu=1.004e-6; L=850; g=9.80665",
    ),
    Formula(
        "van_genuchten_conductivity",
        "van Genuchten, A closed-form equation for the hydraulic conductivity, eqs. 3, 9, 1980",
        """
        m = 1 - 1/n
        Se = (1 + (alpha*h)^n)^(-m)
        Ks*sqrt(Se)*(1 - (1 - Se^(1/m))^m)^2
        """,
        "h=85; alpha=0.036; n=1.56; Ks=24.96",
    ),
    Formula(
        "scs_curve_number_runoff",
        "USDA Soil Conservation Service, National Engineering Handbook, section 4, 1972",
        """
        S = 25400/CN - 254
        Q = max(P - 0.2*S, 0)
        Q^2/(P + 0.8*S)
        """,
        "P=76; CN=81",
    ),
    Formula(
        "ogata_banks_transport",
        "Ogata & Banks, A solution of the differential equation of longitudinal dispersion, 1961",
        """
        s = 2*sqrt(D*t)
        C0/2*(erfc((x - v*t)/s) + exp(v*x/D)*erfc((x + v*t)/s))
        """,
        "x=12; t=30; v=0.35; D=0.6; C0=100",
    ),
    # -------------------- engineering, materials
    Formula(
        "ramberg_osgood_strain",
        "Ramberg & Osgood, Description of stress-strain curves by three parameters, 1943",
        "s/E + 0.002*(s/sy)^n",
        "s=310; E=71700; sy=345; n=16.5",
    ),
    Formula(
        "johnson_cook_flow_stress",
        "Johnson & Cook, A constitutive model and data for metals, 1983",
        """
        Th = clip((T - Tr)/(Tm - Tr), 0, 1)
        (A + B*ep^n)*(1 + C*ln(max(rate, 1)))*(1 - Th^m)
        """,
        "ep=0.12; rate=850; T=420; A=792; B=510; n=0.26; C=0.014; m=1.03; Tr=293; Tm=1793",
    ),
    Formula(
        "johnson_euler_column",
        "Johnson parabola and Euler load; Shigley, Mechanical Engineering Design, 1963",
        """
        sl = L/k
        lim = sqrt(2*pi^2*E/Sy)
        A*where(sl > lim, pi^2*E/sl^2, Sy - (Sy*sl/(2*pi))^2/E)
        """,
        "L=0.9; k=0.0125; A=0.00049; E=2.07e11; Sy=3.5e8",
    ),
    Formula(
        "avrami_fraction",
        "Avrami, Kinetics of phase change, 1939",
        "-expm1(-(k*t)^n)",
        "t=45; k=0.018; n=2.6",
    ),
    Formula(
        "mooney_rivlin_uniaxial",
        "Mooney 1940; Rivlin, Large elastic deformations of isotropic materials, 1948",
        "2*(lam - lam^-2)*(C1 + C2/lam)",
        "lam=1.8; C1=0.16; C2=0.11",
    ),
    Formula(
        "log_mean_temperature_difference",
        "Nagle, Mean temperature differences in multipass heat exchangers, 1933",
        """
        a = Thi - Tco
        b = Tho - Tci
        U*A*(a - b)/ln(a/b)
        """,
        "Thi=95; Tho=60; Tci=20; Tco=48; U=450; A=3.2",
    ),
    Formula(
        "churchill_chu_natural_convection",
        "Churchill & Chu, Correlating equations for laminar and turbulent free convection, 1975",
        """
        pf = (1 + (0.492/Pr)^(9/16))^(8/27)
        (0.825 + 0.387*Ra^(1/6)/pf)^2
        """,
        "Ra=3.2e8; Pr=0.71",
    ),
    Formula(
        "ergun_pressure_drop",
        "Ergun, Fluid flow through packed columns, 1952",
        """
        visc = 150*mu*(1 - eps)^2*v/(eps^3*d^2)
        inert = 1.75*(1 - eps)*rho*v^2/(eps^3*d)
        L*(visc + inert)
        """,
        "mu=1.8e-5; eps=0.41; v=0.9; d=0.004; rho=1.2; L=1.5",
    ),
    Formula(
        "compressible_area_ratio",
        "Isentropic nozzle flow, NACA Report 1135, eq. 80, 1953",
        """
        k = (g + 1)/(2*(g - 1))
        ((1 + (g - 1)/2*M^2)/((g + 1)/2))^k/M
        """,
        "M=2.4; g=1.4",
    ),
    Formula(
        "prandtl_meyer",
        "Meyer, Ueber zweidimensionale Bewegungsvorgaenge in einem Gas, 1908",
        """
        b = sqrt(M^2 - 1)
        k = sqrt((gamma + 1)/(gamma - 1))
        k*atan(b/k) - atan(b)
        """,
        "M=2.1; gamma=1.4",
    ),
    Formula(
        "spalding_law_of_the_wall",
        "Spalding, A single formula for the law of the wall, 1961",
        """
        ku = kappa*u
        u + exp(-kappa*B)*(expm1(ku) - ku - ku^2/2 - ku^3/6)
        """,
        "u=14; kappa=0.41; B=5.1",
    ),
    # -------------------- statistics, machine learning
    Formula(
        "student_t_log_density",
        "Student, The probable error of a mean, 1908 (location-scale form)",
        """
        z = (x - mu)/s
        lgamma((nu + 1)/2) - lgamma(nu/2) - log(nu*pi)/2 - log(s) - (nu + 1)/2*log1p(z^2/nu)
        """,
        "x=2.7; mu=1.2; s=0.8; nu=4.5",
    ),
    Formula(
        "weibull_log_density",
        "Weibull, A statistical distribution function of wide applicability, 1951",
        "log(k/lam) + (k - 1)*log(x/lam) - (x/lam)^k",
        "x=3.2; k=1.7; lam=2.9",
    ),
    Formula(
        "beta_log_density",
        "Beta distribution; Gini, 1911",
        "lgamma(a + b) - gammaln(a) - lngamma(b) + xlogy(a - 1, x) + (b - 1)*log1p(-x)",
        "x=0.32; a=2.4; b=5.1",
    ),
    Formula(
        "negative_binomial_log_likelihood",
        "Greenwood & Yule, An inquiry into the nature of frequency distributions, 1920",
        """
        r = 1/alpha
        p = mu/(mu + r)
        lgamma(k + r) - lgamma(r) - lgamma(k + 1) + k*log(p) + r*log1p(-p)
        """,
        "k=7; mu=4.2; alpha=0.35",
    ),
    Formula(
        "gamma_kullback_leibler",
        "Penny, KL-divergences of Normal, Gamma, Dirichlet and Wishart densities, 2001",
        """
        shape = (a - c)*digamma(a) - lgamma(a) + lgamma(c)
        shape + c*log(b/d) + a*(d - b)/b
        """,
        "a=3.2; b=1.1; c=2.4; d=0.9",
    ),
    Formula(
        "skew_normal_density",
        "Azzalini, A class of distributions which includes the normal ones, 1985",
        """
        z = (x - xi)/w
        exp(-z^2/2)/(w*sqrt(2*pi))*erfc(-alpha*z/sqrt(2))
        """,
        "x=1.4; xi=0.6; w=1.3; alpha=2.5",
    ),
    Formula(
        "exponentially_modified_gaussian",
        "Grushka, Characterization of exponentially modified Gaussian peaks, 1972",
        """
        u = sigma/t1 - (x - mu)/sigma
        A*sigma/t1*sqrt(pi/2)*exp(sigma^2/(2*t1^2) - (x - mu)/t1)*erfc(u/sqrt(2))
        """,
        "x=5.4; mu=5; sigma=0.15; t1=0.3; A=12",
    ),
    Formula(
        "gelu_exact",
        "Hendrycks & Gimpel, Gaussian error linear units, 2016",
        "x*(1 + erf(x/sqrt(2)))/2",
        "x=-1.3",
    ),
    Formula(
        "mish_activation",
        "Misra, Mish: a self regularized non-monotonic activation function, 2019",
        "x*tanh(softplus(x))",
        "x=-0.85",
    ),
    Formula(
        "lstm_cell_step",
        "Hochreiter & Schmidhuber, Long short-term memory, 1997; Gers et al., 2000",
        """
        i = sigmoid(wi*x + ui*h + bi)
        f = logistic(wf*x + uf*h + bf)
        o = expit(wo*x + uo*h)
        g = tanh(wg*x + ug*h)
        o*tanh(f*c + i*g)
        """,
        "x=0.7; h=-0.2; c=0.4; wi=0.5; ui=-0.3; bi=0.1; wf=0.8; uf=0.2; bf=1; wo=-0.6; uo=0.4; wg=1.1; ug=-0.7",
    ),
    Formula(
        "focal_loss",
        "Lin, Goyal, Girshick, He & Dollar, Focal loss for dense object detection, 2017",
        """
        s = w*x + b
        a*(1 - sigmoid(s))^g*softplus(-s)
        """,
        "x=1.4; w=0.8; b=-0.5; a=0.25; g=2",
    ),
    Formula(
        "huber_loss",
        "Huber, Robust estimation of a location parameter, 1964",
        """
        r = y - (a*x + b)
        r^2/2 if abs(r) <= d else d*(abs(r) - d/2)
        """,
        "x=2; y=7.1; a=1.5; b=0.4; d=1.345",
    ),
    Formula(
        "two_component_mixture_log_density",
        "Pearson, Contributions to the mathematical theory of evolution, 1894",
        """
        p1 = log(w) - log(s1) - ((x - m1)/s1)^2/2
        p2 = log1p(-w) - log(s2) - ((x - m2)/s2)^2/2
        logaddexp(p1, p2) - log(2*pi)/2
        """,
        "x=1.1; w=0.35; m1=0; s1=0.8; m2=2.3; s2=1.2",
    ),
    Formula(
        "item_response_3pl",
        "Birnbaum, Some latent trait models and their use, 1968",
        "c + (1 - c)*sigmoid(1.702*a*(theta - b))",
        "theta=0.4; a=1.3; b=-0.2; c=0.21",
    ),
    # -------------------- optimisation tests
    Formula(
        "rosenbrock",
        "Rosenbrock, An automatic method for finding the greatest or least value of a function, 1960",
        "(a - x)^2 + b*(y - x^2)^2",
        "x=-1.2; y=1; a=1; b=100",
    ),
    Formula(
        "ackley",
        "Ackley, A Connectionist Machine for Genetic Hillclimbing, 1987",
        """
        r = sqrt((x^2 + y^2)/2)
        c = (cos(2*pi*x) + cos(2*pi*y))/2
        -20*exp(-0.2*r) - exp(c) + e + 20
        """,
        "x=0.7; y=-1.3",
    ),
    Formula(
        "branin",
        "Branin, Widely convergent method for finding multiple solutions, 1972",
        "(y - 5.1/(4*pi^2)*x^2 + 5/pi*x - 6)^2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
        "x=2.5; y=7.5",
    ),
    Formula(
        "goldstein_price",
        "Goldstein & Price, On descent from local minima, 1971",
        """
        p = 1 + (x + y + 1)^2*(19 - 14x + 3x^2 - 14y + 6*x*y + 3y^2)
        q = 30 + (2x - 3y)^2*(18 - 32x + 12x^2 + 48y - 36*x*y + 27y^2)
        p*q
        """,
        "x=0.6; y=-0.4",
    ),
    Formula(
        "mccormick",
        "McCormick, Computability of global solutions to factorable nonconvex programs, 1976",
        "sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1",
        "x=-0.5; y=-1.5",
    ),
    # -------------------- NIST StRD models
    Formula(
        "nist_misra1a",
        "NIST StRD nonlinear regression, Misra1a, 1978",
        "b1*(1 - exp(-b2*x))",
        "x=378.4; b1=238.94212918; b2=0.00055015643181",
    ),
    Formula(
        "nist_hahn1",
        "NIST StRD nonlinear regression, Hahn1 (thermal expansion of copper), 1979",
        "(b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3)",
        "x=137.05; b1=1.0776351733; b2=-0.12269296921; b3=0.0040863750610; b4=-1.4262662514e-6; "
        "b5=-0.0057609940901; b6=0.00024053735503; b7=-1.2314450199e-7",
    ),
    Formula(
        "nist_mgh09",
        "NIST StRD nonlinear regression, MGH09; Kowalik & Osborne, 1968",
        "b1*(x^2 + x*b2)/(x^2 + x*b3 + b4)",
        "x=0.167; b1=0.19280693458; b2=0.19128232873; b3=0.12305650693; b4=0.13606233068",
    ),
    Formula(
        "nist_thurber",
        "NIST StRD nonlinear regression, Thurber (semiconductor electron mobility), 1979",
        "(b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3)",
        "x=-0.714; b1=1288.1396800; b2=1491.0792535; b3=583.23836877; b4=75.416644291; "
        "b5=0.96629502864; b6=0.39797285797; b7=0.049727297349",
    ),
    Formula(
        "nist_rat43",
        "NIST StRD nonlinear regression, Rat43; Ratkowsky, 1983",
        "b1/(1 + exp(b2 - b3*x))^(1/b4)",
        "x=7; b1=699.64151270; b2=5.2771253025; b3=0.75962938329; b4=1.2792483859",
    ),
    Formula(
        "nist_eckerle4",
        "NIST StRD nonlinear regression, Eckerle4 (circular interference transmittance), 1979",
        "b1/b2*exp(-0.5*((x - b3)/b2)^2)",
        "x=447.5; b1=1.5543827178; b2=4.0888321754; b3=451.54121844",
    ),
    Formula(
        "nist_bennett5",
        "NIST StRD nonlinear regression, Bennett5 (superconductivity magnetization), 1994",
        "b1*(b2 + x)^(-1/b3)",
        "x=12.02; b1=-2523.5058043; b2=46.736564644; b3=0.93218483193",
    ),
    Formula(
        "nist_roszman1",
        "NIST StRD nonlinear regression, Roszman1 (quantum defects in iodine), 1979",
        "b1 - b2*x - arctan(b3/(x - b4))/pi",
        "x=-2938.6; b1=0.20196866396; b2=-6.1953516256e-6; b3=1204.4556708; b4=-181.34269537",
    ),
    Formula(
        "nist_gauss1",
        "NIST StRD nonlinear regression, Gauss1; Rust, 1996",
        "b1*exp(-b2*x) + b3*exp(-(x - b4)^2/b5^2) + b6*exp(-(x - b7)^2/b8^2)",
        "x=120; b1=98.778210871; b2=0.010497276517; b3=100.48990633; b4=67.481111276; b5=23.129773360; "
        "b6=71.994503004; b7=178.99805021; b8=18.389389025",
    ),
)


def numbers(point: str) -> dict[str, float]:
    """The point of an entry as float64 numbers."""
    found: dict[str, float] = {}
    for part in point.split(";"):
        name, text = part.split("=")
        found[name.strip()] = float(text)
    return found


def one_line(program: str) -> str:
    """The statements of a program joined by ``; ``."""
    return "; ".join(line.strip() for line in program.strip().splitlines())


def row(formula: Formula) -> str:
    """The line of one entry."""
    program = one_line(formula.program)
    point = numbers(formula.point)
    variables = parse(program).variables
    if set(variables) != set(point):
        raise ValueError(f"{formula.name}: {sorted(set(variables) ^ set(point))} set or used, not both")
    value, slopes = gradient(program, point)
    at = "; ".join(f"{name}={point[name]!r}" for name in variables)
    grad = "; ".join(f"{name}={spell(slopes[name], 40)}" for name in variables)
    return "\t".join((formula.name, formula.source, program, at, spell(value), grad))


def main() -> None:
    """Write the table."""
    names = [formula.name for formula in FORMULAS]
    if len(set(names)) != len(names):
        raise ValueError("a name occurs twice")
    lines = ["name\tsource\tprogram\tpoint\tvalue\tgradient", *map(row, FORMULAS)]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(FORMULAS)} formulas")


if __name__ == "__main__":
    main()

const loadEnvPaths = () => import('env-paths')

/** Where an installed Loupe keeps its data; null for a user without a home folder. */
export async function userDataDir(load = loadEnvPaths): Promise<string | null> {
  try {
    // The package looks for the home folder as it loads, and throws if there is none.
    const { default: envPaths } = await load()
    return envPaths('loupe', { suffix: '' }).data
  } catch {
    return null
  }
}

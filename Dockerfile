# docker build --tag loupe . && docker run --read-only --volume loupe:/data --publish 127.0.0.1:4173:4173 loupe
FROM node:22-slim AS build
WORKDIR /loupe
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-slim
WORKDIR /loupe
COPY --from=build /loupe/package.json ./
COPY --from=build /loupe/node_modules node_modules
COPY --from=build /loupe/dist dist
COPY --from=build /loupe/dist-server dist-server
# A new volume takes its owner from here.
RUN install --directory --owner node --group node --mode 700 /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4173 LOUPE_DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 4173
HEALTHCHECK --start-period=10s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist-server/main.js"]
